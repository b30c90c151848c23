// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// legal are the names of the files in which a module says on what terms it may be passed on.
var legal = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents|copyright)`)

// licenses returns the licences and notices of every module that is linked into the
// program, and Go's own: nearly all of them say that a copy has to come with a binary. A
// module that has none is an error.
func (t target) licenses(ctx context.Context) ([]entry, error) {
	modules, err := t.modules(ctx)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for module, directory := range modules {
		found, err := legalFiles(module, directory)
		if err != nil {
			return nil, err
		}
		entries = append(entries, found...)
	}
	return entries, nil
}

// modules returns the directories of the modules that are linked into the program, by path
// and version, and that of Go.
func (t target) modules(ctx context.Context) (map[string]string, error) {
	printed, err := t.goTool(ctx, "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}{{end}}", t.main)
	if err != nil {
		return nil, err
	}
	goroot, err := t.goTool(ctx, "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	modules := map[string]string{"go": strings.TrimSpace(goroot)}
	for line := range strings.Lines(printed) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		// The root module is this repository, whose licence is beside the program.
		if len(fields) == 3 && filepath.Clean(fields[2]) != t.root {
			modules[strings.TrimSuffix(fields[0]+"@"+fields[1], "@")] = fields[2]
		}
	}
	return modules, nil
}

func legalFiles(module, directory string) ([]entry, error) {
	files, err := os.ReadDir(directory)
	if err != nil {
		return nil, err
	}
	var entries []entry
	licensed := false
	for _, file := range files {
		name := file.Name()
		if !isText(file) || !legal.MatchString(name) {
			continue
		}
		licensed = licensed || !strings.HasPrefix(strings.ToLower(name), "notice")
		entries = append(entries, entry{name: path.Join("licenses", module, name), source: filepath.Join(directory, name)})
	}
	if !licensed {
		return nil, fmt.Errorf("%s has no licence in %s", module, directory)
	}
	return entries, nil
}

// isText tells a text from a directory of that name, and from source code about licences.
func isText(file fs.DirEntry) bool {
	return file.Type().IsRegular() && path.Ext(file.Name()) != ".go"
}
