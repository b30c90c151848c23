// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// checksums is the file that sha256sum --check reads.
const checksums = "SHA256SUMS"

// documents are the files of the repository that come with a program, for those who have
// no copy of it: git pathspecs.
var documents = []string{
	"LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "SECURITY.md", "config", "docs", "dashboards/*.json",
	":!config/config.go", ":!docs/**/*.go", ":!docs/**/*_test.*", ":!dashboards/package*.json", ":!dashboards/tsconfig.json",
}

// writeArchives writes an archive and a bill of materials for each program and platform,
// and the checksums of them all.
func writeArchives(ctx context.Context, o options, out io.Writer) (err error) {
	if err := emptyDirectory(o.out); err != nil {
		return err
	}
	modified, err := o.time(ctx)
	if err != nil {
		return err
	}
	common, err := o.documents(ctx)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(work)) }()
	var written []string
	for _, name := range o.programs {
		for _, platform := range o.platforms {
			t := o.target(name, platform)
			files, err := t.release(ctx, o.out, work, modified, common)
			if err != nil {
				return err
			}
			written = append(written, files...)
			fmt.Fprintln(out, files[0])
		}
	}
	return writeChecksums(o.out, written)
}

// release writes the archive and the bill of materials of one target and returns their
// names.
func (t target) release(ctx context.Context, out, work string, modified time.Time, common []entry) ([]string, error) {
	binary := filepath.Join(work, t.binary())
	if err := t.build(ctx, binary); err != nil {
		return nil, err
	}
	licenses, err := t.licenses(ctx)
	if err != nil {
		return nil, err
	}
	base := t.base()
	file := base + ".tar.gz"
	if t.goos == "windows" {
		file = base + ".zip"
	}
	entries := append([]entry{{name: t.binary(), source: binary, executable: true}}, common...)
	if err := archive(filepath.Join(out, file), modified, append(entries, licenses...)); err != nil {
		return nil, err
	}
	return []string{file, base + ".cdx.json"}, t.materials(ctx, binary, filepath.Join(out, base+".cdx.json"))
}

// base is what the files of a target are named by.
func (t target) base() string {
	return strings.Join([]string{t.name, strings.TrimPrefix(t.version, "v"), t.goos, t.goarch}, "_")
}

// materials writes what is linked into the binary, as CycloneDX.
func (t target) materials(ctx context.Context, binary, file string) error {
	cmd := exec.CommandContext(ctx, "go", "tool", "cyclonedx-gomod", "bin",
		"-json", "-std", "-noserial", "-notimestamp", "-version", t.version, "-output", file, binary)
	cmd.Dir = filepath.Join(t.root, "internal", "release")
	_, err := output(cmd)
	return err
}

// writeMaterials writes a bill of materials for each program and platform.
func writeMaterials(ctx context.Context, o options, out io.Writer) (err error) {
	work, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(work)) }()
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	for _, name := range o.programs {
		for _, platform := range o.platforms {
			t := o.target(name, platform)
			binary := filepath.Join(work, t.binary())
			if err := t.build(ctx, binary); err != nil {
				return err
			}
			file := filepath.Join(o.out, t.base()+".cdx.json")
			if err := t.materials(ctx, binary, file); err != nil {
				return err
			}
			fmt.Fprintln(out, file)
		}
	}
	return nil
}

// time is that of the commit: files get it, so that it makes no difference when they are
// built.
func (o *options) time(ctx context.Context) (time.Time, error) {
	printed, err := o.git(ctx, "log", "-1", "--format=%ct")
	if err != nil {
		return time.Time{}, err
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(printed), 10, 64)
	return time.Unix(seconds, 0).UTC(), err
}

// documents are what every archive has. What git does not know stays out: a configuration
// that is in use has secrets beside it.
func (o *options) documents(ctx context.Context) ([]entry, error) {
	printed, err := o.git(ctx, append([]string{"ls-files", "-z", "--"}, documents...)...)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for name := range strings.SplitSeq(strings.TrimSuffix(printed, "\x00"), "\x00") {
		entries = append(entries, entry{name: name, source: filepath.Join(o.root, filepath.FromSlash(name))})
	}
	return entries, nil
}

func (o *options) git(ctx context.Context, arguments ...string) (string, error) {
	return output(exec.CommandContext(ctx, "git", append([]string{"-C", o.root}, arguments...)...))
}

// writeDirectory writes one program, and what has to come with it, as plain files.
func writeDirectory(ctx context.Context, o options) error {
	t := o.target(o.programs[0], o.platforms[0])
	if err := emptyDirectory(o.directory); err != nil {
		return err
	}
	if err := t.build(ctx, filepath.Join(o.directory, t.binary())); err != nil {
		return err
	}
	entries, err := t.licenses(ctx)
	if err != nil {
		return err
	}
	for _, name := range []string{"LICENSE", "NOTICE"} {
		entries = append(entries, entry{name: "licenses/" + name, source: filepath.Join(o.root, name)})
	}
	for _, e := range entries {
		content, err := os.ReadFile(e.source)
		if err != nil {
			return err
		}
		to := filepath.Join(o.directory, filepath.FromSlash(e.name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, content, e.mode()); err != nil {
			return err
		}
	}
	return nil
}

// emptyDirectory makes the directory. What is left there from another release would be
// taken for a part of this one.
func emptyDirectory(directory string) error {
	if err := os.MkdirAll(directory, 0o755); err != nil {
		return err
	}
	files, err := os.ReadDir(directory)
	if err == nil && len(files) > 0 {
		err = errors.New(directory + " is not empty")
	}
	return err
}

func writeChecksums(directory string, files []string) error {
	var sums strings.Builder
	for _, file := range files {
		hash := sha256.New()
		if err := copyFile(hash, filepath.Join(directory, file)); err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", hash.Sum(nil), file)
	}
	return os.WriteFile(filepath.Join(directory, checksums), []byte(sums.String()), 0o644)
}
