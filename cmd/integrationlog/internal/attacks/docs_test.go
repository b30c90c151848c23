// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

var (
	// testsOf are the tests that docs/security.md names of a directory.
	testsOf = regexp.MustCompile("((?:`(?:Test|Fuzz)[^`]+`,? )+)in \\[[^]]+\\]\\(\\.\\./([^)]+)\\)")
	named   = regexp.MustCompile("`((?:Test|Fuzz)\\w+)(?:/([^`]+))?`")
)

// Every test that is said to show a defence is there.
func TestTheTestsOfTheDocsExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(harness.Repository(), "docs", "security.md"))
	require.NoError(t, err)
	table := strings.Join(regexp.MustCompile(`(?m)^\|.*$`).FindAllString(string(text), -1), "\n")
	checked := 0
	for _, match := range testsOf.FindAllStringSubmatch(table, -1) {
		code := testCode(t, filepath.Join(harness.Repository(), filepath.FromSlash(match[2])))
		for _, test := range named.FindAllStringSubmatch(match[1], -1) {
			checked++
			assert.Contains(t, code, "\nfunc "+test[1]+"(", match[2])
			if test[2] != "" {
				assert.Contains(t, code, `"`+test[2]+`"`, match[2])
			}
		}
	}
	assert.Len(t, named.FindAllString(table, -1), checked, "each names its directory")
	require.Greater(t, checked, 50)
}

// testCode returns all tests of a directory.
func testCode(t *testing.T, directory string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(directory, "*_test.go"))
	require.NoError(t, err)
	require.NotEmpty(t, files, directory)
	var code strings.Builder
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		code.Write(content)
	}
	return code.String()
}
