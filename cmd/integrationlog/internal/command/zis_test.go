// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const zisExample = "../zisbundle/testdata/cases/example/before.json"

// instrument runs the command by itself, so that what it prints where can be told apart.
func instrument(t *testing.T, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	return instrumentFrom(t, strings.NewReader(""), arguments...)
}

// instrumentFrom gives the command a standard input.
func instrumentFrom(t *testing.T, stdin io.Reader, arguments ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, messages bytes.Buffer
	cmd := newZISCommand()
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetIn(stdin)
	cmd.SetOut(&out)
	cmd.SetErr(&messages)
	cmd.SetArgs(append([]string{"instrument"}, arguments...))
	err = cmd.Execute()
	return out.String(), messages.String(), err
}

func TestZISInstrumentPrintsABundleAndAReport(t *testing.T) {
	printed, report, err := instrument(t, zisExample, "--url", "https://log.example.com/zis")
	require.NoError(t, err)
	assert.True(t, json.Valid([]byte(printed)))
	assert.Contains(t, printed, "https://log.example.com/zis")
	assert.Contains(t, report, "flow example_flow")
	assert.Contains(t, printed, `"States.ALL"`)
	assert.Contains(t, report, "failure is caught and logged")
	assert.Contains(t, report, "what a Catch takes away", "the price is said")
}

func TestZISInstrumentCatchesOnlyWhatItIsTold(t *testing.T) {
	_, report, err := instrument(t, zisExample, "--catch", "none")
	require.NoError(t, err)
	assert.NotContains(t, report, "failure is caught")
	assert.Contains(t, report, "2 states have no Catch")

	_, report, err = instrument(t, zisExample, "--catch", "CallOut")
	require.NoError(t, err)
	assert.Contains(t, report, "CallOut (Action): failure is caught and logged")
	assert.Contains(t, report, "ReadPriority (Action): failure is NOT logged")
}

func TestZISInstrumentRefusesACatchThatSaysNothingOrTwoThings(t *testing.T) {
	for catch, want := range map[string]string{
		"":             "say STATE, FLOW/STATE, all or none",
		"CallOut,":     "say STATE, FLOW/STATE, all or none",
		"none,CallOut": `--catch none,CallOut: "all" and "none" stand alone`,
		"CallOut,all":  `--catch CallOut,all: "all" and "none" stand alone`,
		"all,none":     "stand alone",
	} {
		printed, _, err := instrument(t, zisExample, "--catch", catch)
		require.ErrorContains(t, err, want, catch)
		assert.Empty(t, printed)
	}
}

func TestZISInstrumentIsPartOfTheProgram(t *testing.T) {
	printed, err := execute(t, "zis", "instrument", zisExample)
	require.NoError(t, err)
	assert.True(t, json.Valid([]byte(printed)))
}

func TestZISInstrumentDoesNotOverwriteUnasked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bundle.json")
	source, err := os.ReadFile(zisExample)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, source, 0o600))

	_, _, err = instrument(t, file, "--output", file)
	require.ErrorContains(t, err, "--overwrite")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, source, kept)

	printed, _, err := instrument(t, file, "--output", file, "--overwrite")
	require.NoError(t, err)
	assert.Empty(t, printed)
	_, report, err := instrument(t, file)
	require.NoError(t, err)
	assert.Contains(t, report, "nothing to change")
}

func TestZISInstrumentNamesTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bundle.json")
	require.NoError(t, os.WriteFile(file, []byte("{"), 0o600))
	printed, _, err := instrument(t, file)
	require.ErrorContains(t, err, "bundle.json: it is not JSON")
	assert.Empty(t, printed)
	_, _, err = instrument(t, "missing.json")
	require.ErrorContains(t, err, "missing.json")
}

func TestZISInstrumentReadsTheStandardInput(t *testing.T) {
	want, _, err := instrument(t, zisExample)
	require.NoError(t, err)
	source, err := os.ReadFile(zisExample)
	require.NoError(t, err)

	printed, report, err := instrumentFrom(t, bytes.NewReader(source), "-")
	require.NoError(t, err)
	assert.Equal(t, want, printed)
	assert.Contains(t, report, "standard input: integration")

	output := filepath.Join(t.TempDir(), "new.json")
	printed, _, err = instrumentFrom(t, bytes.NewReader(source), "-", "--output", output)
	require.NoError(t, err)
	assert.Empty(t, printed)
	written, err := os.ReadFile(output)
	require.NoError(t, err)
	assert.Equal(t, want, string(written))

	_, _, err = instrumentFrom(t, strings.NewReader("{"), "-")
	require.ErrorContains(t, err, "standard input: it is not JSON")
	_, _, err = instrumentFrom(t, iotest.ErrReader(io.ErrClosedPipe), "-")
	require.ErrorContains(t, err, "standard input: "+io.ErrClosedPipe.Error())
}

func TestZISInstrumentDoesNotOverwriteWhatItIsRedirectedFrom(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bundle.json")
	source, err := os.ReadFile(zisExample)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, source, 0o600))
	stdin, err := os.Open(file)
	require.NoError(t, err)
	t.Cleanup(func() { _ = stdin.Close() })
	_, _, err = instrumentFrom(t, stdin, "-", "--output", file)
	require.ErrorContains(t, err, "--overwrite")
}

func TestZISNamesACommandThatItDoesNotHave(t *testing.T) {
	printed, err := execute(t, "zis", "foo")
	require.ErrorContains(t, err, `unknown command "foo" for "integrationlog zis"`)
	assert.Empty(t, printed)
	printed, err = execute(t, "zis")
	require.NoError(t, err)
	assert.Contains(t, printed, "instrument")
}
