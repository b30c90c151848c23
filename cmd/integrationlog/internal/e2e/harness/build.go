// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// BinariesVariable is the environment variable that names the directory in which make build has
// just left both binaries: to link them anew for each package takes minutes.
const BinariesVariable = "INTEGRATIONLOG_BINARIES"

// Binaries builds the shipped binaries, each at most once and only if a test asks.
type Binaries struct {
	directory string
	allInOne  func() (string, error)
	collector func() (string, error)
}

// RunTests runs the tests of a package with binaries that they share, and returns the exit
// code. TestMain needs to do no more.
func RunTests(m *testing.M, binaries **Binaries) int {
	var err error
	if *binaries, err = NewBinaries(); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	code := m.Run()
	if err := (*binaries).Remove(); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		return 1
	}
	return code
}

// NewBinaries returns Binaries that build into a new temporary directory. The caller
// ends with Remove.
func NewBinaries() (*Binaries, error) {
	directory, err := os.MkdirTemp("", "integrationlog-e2e-")
	if err != nil {
		return nil, err
	}
	b := &Binaries{directory: directory}
	b.allInOne = sync.OnceValues(func() (string, error) { return b.build("cmd/integrationlog", ".", "integrationlog") })
	b.collector = sync.OnceValues(func() (string, error) {
		return b.build(".", "./cmd/otelcol-integrationlog", "otelcol-integrationlog")
	})
	return b, nil
}

// Remove deletes what was built.
func (b *Binaries) Remove() error { return os.RemoveAll(b.directory) }

// AllInOne returns the path of integrationlog.
func (b *Binaries) AllInOne(tb testing.TB) string {
	tb.Helper()
	path, err := b.allInOne()
	require.NoError(tb, err)
	return path
}

// Collector returns the path of otelcol-integrationlog.
func (b *Binaries) Collector(tb testing.TB) string {
	tb.Helper()
	path, err := b.collector()
	require.NoError(tb, err)
	return path
}

// build builds as `make build` does, so that what is tested is what is shipped, and as
// `go test` does, so that Loki is compiled once.
func (b *Binaries) build(module, target, name string) (string, error) {
	if built := os.Getenv(BinariesVariable); built != "" {
		return filepath.Join(built, name), nil
	}
	path := filepath.Join(b.directory, name)
	command := exec.Command("go", "build", "-o", path, target) //nolint:gosec,noctx // fixed arguments; go test has the timeout
	command.Dir = filepath.Join(Repository(), module)
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build of %s: %w\n%s", name, err, output)
	}
	return path, nil
}

// Repository returns the root directory of the repository. Tests run in the directory
// of their package.
func Repository() string {
	directory, err := filepath.Abs(".")
	for ; err == nil && directory != filepath.Dir(directory); directory = filepath.Dir(directory) {
		if _, err := os.Stat(filepath.Join(directory, "config", "all-in-one.yaml")); err == nil {
			return directory
		}
	}
	panic("no directory above this one is the repository")
}
