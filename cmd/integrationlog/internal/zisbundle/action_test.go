// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func mustInstrument(t *testing.T, source string, options Options) []byte {
	t.Helper()
	result, _, err := Instrument([]byte(source), options)
	require.NoError(t, err)
	return result
}

// instrumentAgain instruments twice, and wants the second time to change nothing.
func instrumentAgain(t *testing.T, source []byte, options Options) (string, *Report) {
	t.Helper()
	result, report, err := Instrument(source, options)
	require.NoError(t, err)
	require.True(t, json.Valid(result))
	twice, again, err := Instrument(result, options)
	require.NoError(t, err)
	assert.Equal(t, string(result), string(twice))
	assert.False(t, again.Changed)
	return string(result), report
}

func TestAnotherActionTakesThePlaceOfTheEarlier(t *testing.T) {
	for name := range cases {
		t.Run(name, func(t *testing.T) {
			before := readFile(t, filepath.Join("testdata", "cases", name, "before.json"))
			old := Options{URL: "https://old.example.com/zis", Connection: "old", Action: "old_action"}
			first, _, err := Instrument(before, old)
			require.NoError(t, err)

			renamed, report := instrumentAgain(t, first, Options{Action: "other"})
			assert.NotContains(t, renamed, "old_action")
			assert.Equal(t, "https://old.example.com/zis", report.URL)
			assert.Equal(t, "old", report.Connection)
			old.Action = "other"
			direct, _, err := Instrument(before, old)
			require.NoError(t, err)
			assert.Equal(t, string(direct), renamed)
			var printed bytes.Buffer
			report.Write(&printed, "bundle.json")
			assert.Contains(t, printed.String(), "action other (so far old_action) posts to https://old.example.com/zis")

			_, report = instrumentAgain(t, first, Options{Action: "other", URL: "https://log.example.com/zis", Connection: "my_log"})
			assert.Equal(t, "https://log.example.com/zis", report.URL)
			assert.Equal(t, "my_log", report.Connection)

			same, report := instrumentAgain(t, first, Options{})
			assert.Equal(t, "old_action", report.Action, "the name is kept as the address is")
			assert.Equal(t, string(first), same)
		})
	}
}

const (
	callOut = `"A":{"Type":"Action","ActionName":"zis:key:action:x","ResultPath":"$.a","Next":"Done"},"Done":{"Type":"Succeed"}`
	// bare has no end that could be logged, so no log step names the action.
	bare = `"A":{"Type":"Choice","Choices":[{"Next":"A"}],"Default":"A"}`
)

func TestAnActionThatNoLogStepNamesIsKnownByItsShape(t *testing.T) {
	first := mustInstrument(t, withStates("A", bare), Options{URL: "https://log.example.com/zis"})
	renamed, report := instrumentAgain(t, first, Options{Action: "other"})
	assert.Equal(t, "https://log.example.com/zis", report.URL)
	assert.NotContains(t, renamed, `"name":"integration_log"`)

	for name, source := range map[string]string{
		"changed by hand": strings.Replace(string(first), `"method":"POST"`, `"method":"PUT"`, 1),
		"used by another": strings.Replace(string(first), `"Default":"A"`,
			`"Default":"B"},"B":{"Type":"Action","ActionName":"zis:key:action:integration_log","ResultPath":"$.b","Next":"A"`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			require.NotEqual(t, string(first), source)
			result, report := instrumentAgain(t, []byte(source), Options{Action: "other"})
			assert.True(t, report.ActionAdded)
			assert.Contains(t, result, `"name":"integration_log"`, "it may be the author's own")
		})
	}
}

func TestAnActionThatTheAuthorUsesStays(t *testing.T) {
	first := mustInstrument(t, withStates("A", callOut), Options{URL: "https://log.example.com/zis", Connection: "my_log"})
	used := strings.Replace(string(first), "zis:key:action:x", "zis:key:action:integration_log", 1)
	result, report := instrumentAgain(t, []byte(used), Options{Action: "other"})
	assert.True(t, report.ActionAdded)
	assert.Equal(t, "https://log.example.com/zis", report.URL)
	assert.Equal(t, "my_log", report.Connection)
	assert.Contains(t, result, `"name":"integration_log"`)
}

func TestOneOfTwoActionsIsLeft(t *testing.T) {
	first := mustInstrument(t, withStates("A", callOut), Options{URL: "https://old.example.com/zis", Catch: []string{CatchAll}})
	other := `"other":` + actionResource(Options{Action: "other", URL: "https://log.example.com/zis", Connection: "my_log"})

	both := strings.Replace(string(first), `"j":`, other+`,"j":`, 1)
	result, report := instrumentAgain(t, []byte(both), Options{Action: "other"})
	assert.NotContains(t, result, `"integration_log"`)
	assert.Equal(t, "https://log.example.com/zis", report.URL, "it has an address of its own")

	// The log step of one state posts with the one, that of another with the other.
	mixed := strings.Replace(both, `"zis:key:action:integration_log"`, `"zis:key:action:other"`, 1)
	require.Contains(t, mixed, `"zis:key:action:integration_log"`)
	_, _, err := Instrument([]byte(mixed), Options{})
	require.ErrorContains(t, err, "several actions (integration_log, other)")
	_, _, err = Instrument([]byte(mixed), Options{Action: "third"})
	require.ErrorContains(t, err, "--action")
	result, _ = instrumentAgain(t, []byte(mixed), Options{Action: "integration_log"})
	assert.NotContains(t, result, `"other"`)
}

func TestAResourceOfAnotherKindIsNoAction(t *testing.T) {
	first := mustInstrument(t, withStates("A", callOut), Options{})
	_, _, err := Instrument(first, Options{Action: "j"})
	require.ErrorContains(t, err, "resource j: the name belongs to the action")
}

func TestTheIntegrationIsTheBundlesOwn(t *testing.T) {
	one := withStates("A", callOut)
	_, _, err := Instrument([]byte(one), Options{Integration: "wrong"})
	require.ErrorContains(t, err, `"wrong": its resources name key,`)

	two := strings.Replace(one, "zis:key:action:x", "zis:other:action:x", 1)
	_, _, err = Instrument([]byte(two), Options{Integration: "wrong"})
	require.ErrorContains(t, err, `"wrong": its resources name key, other,`)
	instrumentAgain(t, []byte(two), Options{Integration: "other"})

	none := strings.Replace(withStates("Done", `"Done":{"Type":"Succeed"}`), "zis:key", "zis", 1)
	first := mustInstrument(t, none, Options{Integration: "given"})
	_, report := instrumentAgain(t, first, Options{})
	assert.Equal(t, "given", report.Integration, "the log steps tell it")
	_, report = instrumentAgain(t, first, Options{Integration: "corrected"})
	assert.Equal(t, "corrected", report.Integration)

	wrong := strings.ReplaceAll(string(mustInstrument(t, one, Options{})), "zis:key:action:integration_log", "zis:wrong:action:integration_log")
	_, report = instrumentAgain(t, []byte(wrong), Options{})
	assert.Equal(t, "key", report.Integration, "log steps do not outvote the bundle")
}

func TestAByteOrderMarkIsKept(t *testing.T) {
	source := withStates("A", callOut)
	want := "\uFEFF" + string(mustInstrument(t, source, Options{}))
	got := mustInstrument(t, "\uFEFF"+source, Options{})
	assert.Equal(t, want, string(got))
	again, report, err := Instrument(got, Options{})
	require.NoError(t, err)
	assert.Equal(t, want, string(again))
	assert.False(t, report.Changed)
}
