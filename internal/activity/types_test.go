// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// receiverOf is where the receiver of each product lies.
var receiverOf = map[Product]string{
	Salesforce:            "salesforcereceiver",
	Shopify:               "shopifyreceiver",
	BotBuilder:            "botbuilderreceiver",
	Actions:               "actionsreceiver",
	Webhooks:              "webhooksreceiver",
	ZIS:                   "zisreceiver",
	SunshineConversations: "sunshineconversationsreceiver",
}

func TestEveryProductHasTypes(t *testing.T) {
	assert.ElementsMatch(t, slices.Collect(maps.Keys(types)), Products())
	for _, product := range Products() {
		assert.True(t, product.IsKnown())
		assert.NotEmpty(t, product.Types(), product)
		assert.Contains(t, receiverOf, product)
	}
	assert.False(t, Product("my-crm").IsKnown())
	assert.Empty(t, Product("my-crm").Types())
}

// What the receivers' own tests expect of them is what the table has.
func TestTypesAreThoseOfTheReceivers(t *testing.T) {
	for _, product := range Products() {
		t.Run(string(product), func(t *testing.T) {
			directory := filepath.Join("..", "..", "receivers", receiverOf[product])
			expected := typesInGoldenFiles(t, directory, product)
			require.NotEmpty(t, expected, "golden files were moved or renamed: the test reads none")
			for name, file := range expected {
				assert.Contains(t, product.Types(), name, "%s expects it", file)
			}
			literals := stringsInCode(t, directory)
			readme, err := os.ReadFile(filepath.Join(directory, "README.md"))
			require.NoError(t, err)
			for _, name := range product.Types() {
				assert.Contains(t, literals, name, "the receiver cannot give this type")
				assert.Contains(t, string(readme), "`"+name+"`", "the README of the receiver names its types")
			}
		})
	}
}

// typesInGoldenFiles returns the types of the product's records in golden files, and for
// each a file.
func typesInGoldenFiles(t *testing.T, directory string, product Product) map[string]string {
	t.Helper()
	found := map[string]string{}
	walk(t, directory, func(file string) {
		if filepath.Ext(file) != ".yaml" || !strings.Contains(file, "testdata") {
			return
		}
		data, err := os.ReadFile(file)
		require.NoError(t, err)
		if !strings.Contains(string(data), "resourceLogs:") {
			return
		}
		logs, err := golden.ReadLogs(file)
		require.NoError(t, err, file)
		for _, resource := range logs.ResourceLogs().All() {
			for _, scope := range resource.ScopeLogs().All() {
				for _, record := range scope.LogRecords().All() {
					slug, _ := record.Attributes().Get(ProductKey)
					if name, ok := record.Attributes().Get(TypeKey); ok && slug.AsString() == string(product) {
						found[name.Str()] = file
					}
				}
			}
		}
	})
	return found
}

// stringsInCode returns the literals of the code in a directory and below, without tests.
func stringsInCode(t *testing.T, directory string) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	walk(t, directory, func(file string) {
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(syntax, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && literal.Kind == token.STRING {
				text, err := strconv.Unquote(literal.Value)
				require.NoError(t, err)
				found[text] = true
			}
			return true
		})
	})
	return found
}

func walk(t *testing.T, directory string, visit func(file string)) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			visit(path)
		}
		return err
	}))
}
