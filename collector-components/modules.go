// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package collectorcomponents // import "github.com/integrationlog/integrationlog/collector-components"

import (
	"path"
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
)

// packageOf returns the import path of the package that declares the function. The
// type of what a factory makes would not do: it may be an alias of another
// package's.
func packageOf(function any) string {
	name := runtime.FuncForPC(reflect.ValueOf(function).Pointer()).Name()
	dir, base := path.Split(name)
	base, _, _ = strings.Cut(base, ".")
	return dir + base
}

// moduleVersions maps the path of each module of this binary to its version. The
// binary itself knows them, so there is no list that could grow stale.
type moduleVersions map[string]string

func linkedModules() moduleVersions {
	versions := moduleVersions{}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return versions
	}
	versions[info.Main.Path] = info.Main.Version
	for _, dependency := range info.Deps {
		versions[dependency.Path] = dependency.Version
	}
	return versions
}

// of returns "path version", the form that the components command prints, of the
// module that holds the package: the one whose path is its longest prefix. A binary
// without build information gives no versions, then the package's path must do.
func (m moduleVersions) of(importPath string) string {
	for module := importPath; module != "."; module = path.Dir(module) {
		if version, ok := m[module]; ok {
			return module + " " + version
		}
	}
	return importPath
}
