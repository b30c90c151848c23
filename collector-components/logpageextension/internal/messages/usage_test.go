// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
)

var (
	// asked is a key that a template or code asks for, in one piece.
	asked = regexp.MustCompile(`\bT[ (]\(?(?:print )?"([^"]+)"`)
	// literal is whatever may be a key, or the beginning of one that is put together.
	literal = regexp.MustCompile(`"([a-z_]+\.[A-Za-z_0-9.-]*)"`)
)

// sources are the code and the templates of the extension.
func sources(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		extension := filepath.Ext(path)
		if err != nil || entry.IsDir() || extension != ".go" && extension != ".gohtml" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		content, err := os.ReadFile(path)
		all[path] = string(content)
		return err
	}))
	return all
}

// A piece that ends with a dot or an underscore is the beginning of keys.
func isBeginning(piece string) bool {
	return strings.HasSuffix(piece, ".") || strings.HasSuffix(piece, "_")
}

func TestNobodyAsksForATextThatIsMissing(t *testing.T) {
	for path, content := range sources(t) {
		for _, match := range asked.FindAllStringSubmatch(content, -1) {
			if !isBeginning(match[1]) {
				assert.True(t, Has(match[1]), "%s asks for %s", path, match[1])
			}
		}
	}
}

func TestEveryTextIsUsed(t *testing.T) {
	whole := map[string]bool{}
	var beginnings []string
	for _, content := range sources(t) {
		for _, match := range literal.FindAllStringSubmatch(content, -1) {
			whole[match[1]] = true
			if isBeginning(match[1]) {
				beginnings = append(beginnings, match[1])
			}
		}
	}
	require.NotEmpty(t, beginnings)
	for key := range texts.byLanguage[language.English] {
		used := whole[key] || whole[strings.TrimSuffix(key, "_cure")] || whole[strings.TrimSuffix(key, "_why")]
		for _, beginning := range beginnings {
			used = used || strings.HasPrefix(key, beginning)
		}
		assert.True(t, used, "%s is used nowhere", key)
	}
}
