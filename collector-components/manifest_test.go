// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package collectorcomponents

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"golang.org/x/mod/modfile"
)

const ourModule = "github.com/integrationlog/integrationlog"

// manifest is what builder-config.yaml tells the builder to link.
type manifest struct {
	Receivers  []manifestModule `yaml:"receivers"`
	Processors []manifestModule `yaml:"processors"`
	Exporters  []manifestModule `yaml:"exporters"`
	Connectors []manifestModule `yaml:"connectors"`
	Extensions []manifestModule `yaml:"extensions"`
	Providers  []manifestModule `yaml:"providers"`
	Telemetry  manifestModule   `yaml:"telemetry"`
}

type manifestModule struct {
	GoMod  string `yaml:"gomod"`
	Import string `yaml:"import"`
	Path   string `yaml:"path"`
}

// importPath is what the builder takes: the import, or else the module's path.
func (m manifestModule) importPath() string {
	if m.Import != "" {
		return m.Import
	}
	path, _, _ := strings.Cut(m.GoMod, " ")
	return path
}

func (m manifest) all() []manifestModule {
	return slices.Concat(m.Receivers, m.Processors, m.Exporters, m.Connectors, m.Extensions,
		m.Providers, []manifestModule{m.Telemetry})
}

func readManifest(t *testing.T) manifest {
	t.Helper()
	data, err := os.ReadFile("builder-config.yaml")
	require.NoError(t, err)
	var m manifest
	require.NoError(t, yaml.Unmarshal(data, &m))
	return m
}

func TestManifestLinksWhatThePackageLinks(t *testing.T) {
	linked := slices.Concat(factoryImports(t, "components.go"), factoryImports(t, "settings.go"))
	var listed []string
	for _, module := range readManifest(t).all() {
		listed = append(listed, module.importPath())
	}
	assert.ElementsMatch(t, linked, listed)
}

// factoryImports returns the imports of a file of this package whose NewFactory it
// uses.
func factoryImports(t *testing.T, file string) []string {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	require.NoError(t, err)

	users := map[string]bool{}
	ast.Inspect(syntax, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok && selector.Sel.Name == "NewFactory" {
			if pkg, ok := selector.X.(*ast.Ident); ok {
				users[pkg.Name] = true
			}
		}
		return true
	})

	var paths []string
	for _, spec := range syntax.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		if users[path[strings.LastIndexByte(path, '/')+1:]] {
			paths = append(paths, path)
		}
	}
	require.Len(t, paths, len(users), "a component package is imported under another name than its own")
	return paths
}

func TestManifestSectionsHoldWhatTheFactoriesHold(t *testing.T) {
	m := readManifest(t)
	factories, err := Components()
	require.NoError(t, err)

	// The modules, unlike the factories, have no entries for deprecated names.
	assert.Len(t, m.Receivers, len(factories.ReceiverModules), "receivers")
	assert.Len(t, m.Processors, len(factories.ProcessorModules), "processors")
	assert.Len(t, m.Exporters, len(factories.ExporterModules), "exporters")
	assert.Len(t, m.Connectors, len(factories.ConnectorModules), "connectors")
	assert.Len(t, m.Extensions, len(factories.ExtensionModules), "extensions")
}

func TestManifestVersionsAreThoseOfGoMod(t *testing.T) {
	versions := map[string]string{}
	for _, require := range readGoMod(t).Require {
		versions[require.Mod.Path] = require.Mod.Version
	}
	for _, module := range readManifest(t).all() {
		path, version, _ := strings.Cut(module.GoMod, " ")
		if path == ourModule {
			assert.Equal(t, ".", module.Path, "%s has to come from the working tree", module.importPath())
			assert.True(t, strings.HasPrefix(module.Import, ourModule+"/"), "import of %s", module.Import)
			continue
		}
		assert.Equal(t, versions[path], version, path)
	}
}

// With a replace, go install would refuse the module; with Loki, whoever builds a
// collector with these components would inherit its versions and its licence.
func TestGoModStaysInstallableAndFreeOfLoki(t *testing.T) {
	mod := readGoMod(t)
	assert.Empty(t, mod.Replace)
	for _, require := range mod.Require {
		assert.NotContains(t, require.Mod.Path, "github.com/grafana/loki")
	}
}

func readGoMod(t *testing.T) *modfile.File {
	t.Helper()
	data, err := os.ReadFile("../go.mod")
	require.NoError(t, err)
	mod, err := modfile.Parse("go.mod", data, nil)
	require.NoError(t, err)
	return mod
}

// With a replace or an exclude, go install refuses to install the collector from
// outside.
func TestTheModuleCanBeInstalledFromOutside(t *testing.T) {
	mod := readGoMod(t)
	assert.Empty(t, mod.Replace)
	assert.Empty(t, mod.Exclude)
}
