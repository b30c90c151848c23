// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// enough is how much of a licence's text has to be known, in percent, for its name to stand
// for it.
const enough = 75

// spdx are the names that SPDX has for what licensecheck calls otherwise. A text that is no
// licence has none.
var spdx = map[string]string{
	"AGPL-3.0":          "AGPL-3.0-only",
	"GooglePatentsFile": "",
}

const listHead = `<!-- Written by make generate. -->
# What is linked into the programs

Each module that is linked into a program for Linux, with the names of its licences as
[SPDX](https://spdx.org/licenses/) has them. The names are read out of the modules' own licence files; the
files themselves come with each release and image, in the directory licenses, and so does Google's grant of
patents for Go, which has no name there. ` + "`make sbom`" + ` writes the same as bills of materials in CycloneDX.

| module | version | licences | plain collector | all-in-one |
|---|---|---|---|---|
`

// writeDependencies writes the modules that are linked into the programs, and their
// licences, as a table in Markdown.
func writeDependencies(ctx context.Context, o options, file string) error {
	var list strings.Builder
	list.WriteString(listHead)
	linked := map[string][]bool{}
	licensed := map[string][]string{}
	for i, name := range o.programs {
		t := o.target(name, o.platforms[0])
		modules, err := t.modules(ctx)
		if err != nil {
			return err
		}
		for module, directory := range modules {
			if linked[module] == nil {
				linked[module] = make([]bool, len(o.programs))
				if licensed[module], err = licenseNames(module, directory); err != nil {
					return err
				}
			}
			linked[module][i] = true
		}
	}
	mark := map[bool]string{true: "yes", false: ""}
	for _, module := range slices.Sorted(maps.Keys(linked)) {
		path, version, _ := strings.Cut(module, "@")
		fmt.Fprintf(&list, "| %s | %s | %s |", path, version, strings.Join(licensed[module], ", "))
		for _, is := range linked[module] {
			fmt.Fprintf(&list, " %s |", mark[is])
		}
		list.WriteString("\n")
	}
	return os.WriteFile(file, []byte(list.String()), 0o644)
}

// licenseNames returns the names that SPDX has for a module's licences. One that is known by no name is
// "see its files".
func licenseNames(module, directory string) ([]string, error) {
	files, err := legalFiles(module, directory)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file.source)
		if err != nil {
			return nil, err
		}
		found := licensecheck.Scan(text)
		if found.Percent < enough {
			continue
		}
		for _, match := range found.Match {
			name, differs := spdx[match.ID]
			if !differs {
				name = match.ID
			}
			if name != "" {
				names[name] = true
			}
		}
	}
	if len(names) == 0 {
		return []string{"see its files"}, nil
	}
	return slices.SortedFunc(maps.Keys(names), cmp.Compare[string]), nil
}
