// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what comes out into testdata and config/zendesk")

const shippedBundle = "../../../../config/zendesk/zis-bundle.json"

var cases = map[string]Options{
	"example":        {Catch: []string{CatchAll}},
	"uncaught":       {URL: "https://log.example.com/zis"},
	"ends":           {URL: "https://log.example.com/zis", Catch: []string{"Get", "everything/Each"}},
	"existing_catch": {URL: "https://log.example.com/zis", Connection: "my_log", Action: "my_log", Catch: []string{CatchAll}},
	"webhook":        {URL: "https://log.example.com/zis", EventReference: "$.input.delivery.id", EventTime: "$.input.sent_at"},
	"compact":        {URL: "https://log.example.com/zis", Catch: []string{CatchAll}},
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return content
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	assert.Equal(t, string(readFile(t, path)), string(got), "run the test with -update if this is meant")
}

func TestInstrument(t *testing.T) {
	for name, options := range cases {
		t.Run(name, func(t *testing.T) {
			directory := filepath.Join("testdata", "cases", name)
			before := readFile(t, filepath.Join(directory, "before.json"))
			after, report, err := Instrument(before, options)
			require.NoError(t, err)
			require.True(t, json.Valid(after))
			assert.True(t, report.Changed)
			golden(t, filepath.Join(directory, "after.json"), after)
			var printed bytes.Buffer
			report.Write(&printed, "bundle.json")
			golden(t, filepath.Join(directory, "report.txt"), printed.Bytes())
		})
	}
}

func TestInstrumentingTwiceIsTheSameAsOnce(t *testing.T) {
	for name, options := range cases {
		t.Run(name, func(t *testing.T) {
			before := readFile(t, filepath.Join("testdata", "cases", name, "before.json"))
			once, _, err := Instrument(before, options)
			require.NoError(t, err)
			twice, report, err := Instrument(once, options)
			require.NoError(t, err)
			assert.Equal(t, string(once), string(twice))
			assert.False(t, report.Changed)

			b, err := read(once)
			require.NoError(t, err)
			bare, err := withoutOwn(b)
			require.NoError(t, err)
			stripped, err := read(bare)
			require.NoError(t, err)
			action := options.Action
			if action == "" {
				action = DefaultAction
			}
			bare = stripped.apply(remove(stripped.resources, func(m member) bool { return m.name == action }))
			assert.Equal(t, string(before), string(bare), "every byte of the original is kept")
		})
	}
}

func TestOtherOptionsReplaceTheOldSteps(t *testing.T) {
	before := readFile(t, filepath.Join("testdata", "cases", "ends", "before.json"))
	first, _, err := Instrument(before, Options{URL: "https://old.example.com/zis", Connection: "old", Catch: []string{CatchAll}})
	require.NoError(t, err)
	second, _, err := Instrument(first, Options{URL: "https://log.example.com/zis", Connection: "integration_log"})
	require.NoError(t, err)
	direct, _, err := Instrument(before, Options{URL: "https://log.example.com/zis"})
	require.NoError(t, err)
	assert.Equal(t, string(direct), string(second))

	kept, report, err := Instrument(first, Options{})
	require.NoError(t, err)
	assert.Contains(t, string(kept), "https://old.example.com/zis")
	assert.Equal(t, "old", report.Connection)
}

func TestTheShippedBundleIsTheInstrumentedExample(t *testing.T) {
	before := readFile(t, filepath.Join("testdata", "cases", "example", "before.json"))
	after, _, err := Instrument(before, cases["example"])
	require.NoError(t, err)
	golden(t, shippedBundle, after)
}

func TestWhatIsShippedIsJSON(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(filepath.Dir(shippedBundle), "*.json"))
	require.NoError(t, err)
	require.Len(t, files, 3)
	for _, file := range files {
		_, err := parse(readFile(t, file))
		require.NoError(t, err, file)
	}
}
