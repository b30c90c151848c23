// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command release builds the programs of this project for other machines: static binaries
// in archives, with licences, configurations, a bill of materials each, and checksums. The
// same commit and the same Go give the same bytes, wherever it runs.
//
//	go run -C internal/release . -version v1.2.3 -platforms linux/amd64,darwin/arm64
//
// With -directory it writes one program and its licences as plain files: what an image
// holds. With -dependencies it writes the list of what is linked and its licences, and
// with -materials no more than the bills of materials.
//
//go:generate go run . -version none -platforms linux/amd64 -dependencies ../../docs/dependencies.md
package main // import "github.com/integrationlog/integrationlog/internal/release"

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

const allPlatforms = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

type options struct {
	// root is the directory of the repository.
	root                string
	version             string
	programs, platforms []string
	// out is where archives go to, directory where plain files go to, dependencies the file
	// of the list.
	out, directory, dependencies string
	// materials says that of a release only the bills of materials are wanted.
	materials bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, out io.Writer) error {
	o, err := parse(arguments)
	if err != nil {
		return err
	}
	switch {
	case o.directory != "":
		return writeDirectory(ctx, o)
	case o.dependencies != "":
		return writeDependencies(ctx, o, o.dependencies)
	case o.materials:
		return writeMaterials(ctx, o, out)
	}
	return writeArchives(ctx, o, out)
}

// parse reads the command line. The repository is found from this module's directory,
// where go run -C starts.
func parse(arguments []string) (options, error) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		return options{}, err
	}
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	version := flags.String("version", "", "what the release is called, v1.2.3")
	programs := flags.String("programs", strings.Join(names(), ","), "which programs, separated by commas")
	platforms := flags.String("platforms", allPlatforms, "for which GOOS/GOARCH, separated by commas")
	out := flags.String("out", filepath.Join(root, "dist"), "where the archives go to; it must be empty")
	directory := flags.String("directory", "", "write one program for one platform as plain files to here")
	dependencies := flags.String("dependencies", "", "write the list of what is linked, and its licences, to this file")
	materials := flags.Bool("materials", false, "write the bills of materials only")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	o := options{
		root: root, version: *version, programs: strings.Split(*programs, ","), platforms: strings.Split(*platforms, ","),
		out: *out, directory: *directory, dependencies: *dependencies, materials: *materials,
	}
	if err := o.validate(); err != nil {
		return options{}, err
	}
	return o, nil
}

func (o *options) validate() error {
	if o.version == "" || strings.ContainsAny(o.version, " /'\"") {
		return fmt.Errorf("-version %q is no version", o.version)
	}
	for _, name := range o.programs {
		if !slices.Contains(names(), name) {
			return fmt.Errorf("-programs %q: there are %s", name, strings.Join(names(), " and "))
		}
	}
	for _, platform := range o.platforms {
		if strings.Count(platform, "/") != 1 {
			return fmt.Errorf("-platforms %q is not GOOS/GOARCH", platform)
		}
	}
	if o.directory != "" && len(o.programs)*len(o.platforms) != 1 {
		return errors.New("-directory takes one program and one platform")
	}
	return nil
}
