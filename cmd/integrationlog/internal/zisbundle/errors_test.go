// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// withStates is a bundle with one flow.
func withStates(startAt, states string) string {
	return `{"resources":{"f":{"type":"ZIS::Flow","properties":{"name":"sync","definition":{"StartAt":"` + startAt + `","States":{` + states + `}}}},` +
		`"j":{"type":"ZIS::JobSpec","properties":{"flow_name":"zis:key:flow:sync"}}}}`
}

func TestFaultsAreNamed(t *testing.T) {
	done := `"Done":{"Type":"Succeed"}`
	for name, test := range map[string]struct {
		source  string
		options Options
		want    string
	}{
		"nothing":             {"", Options{}, "ends too early"},
		"no JSON":             {"resources:", Options{}, "not JSON: line 1"},
		"cut off":             {`{"resources": {`, Options{}, "not JSON"},
		"more behind it":      {`{} {}`, Options{}, "more behind"},
		"a name twice":        {"{\n\"a\": 1,\n\"a\": 2}", Options{}, "twice in one object, in line 3"},
		"no bundle":           {`[]`, Options{}, `no object "resources"`},
		"no flows":            {`{"resources": {"a": {"type": "ZIS::JobSpec"}}}`, Options{}, "no flow"},
		"no states":           {`{"resources": {"a": {"type": "ZIS::Flow", "properties": {"name": "sync"}}}}`, Options{}, "flow sync: it has no States"},
		"no start":            {strings.Replace(withStates("Done", done), "StartAt", "startAt", 1), Options{}, "no StartAt"},
		"start is missing":    {withStates("Begin", done), Options{}, `starts at the state "Begin"`},
		"next is missing":     {withStates("A", `"A":{"Type":"Pass","Next":"B"},`+done), Options{}, `flow sync, state A: it goes on with the state "B"`},
		"catch is missing":    {withStates("A", `"A":{"Type":"Map","Catch":[{"Next":"B"}],"Next":"Done"},`+done), Options{}, `state "B"`},
		"state is no object":  {withStates("Done", `"A":1,`+done), Options{}, "state A: it is no object"},
		"our names":           {withStates("Done", `"IntegrationLog.A":{"Type":"Succeed"},`+done), Options{}, "belong to the log steps"},
		"our data":            {withStates("A", `"A":{"Type":"Pass","ResultPath":"$.integration_log","Next":"Done"},`+done), Options{}, "it uses $.integration_log"},
		"our action":          {strings.Replace(withStates("Done", done), `"j":`, `"integration_log":{"type":"ZIS::JobSpec"},"j":`, 1), Options{}, "--action"},
		"no integration":      {strings.Replace(withStates("Done", done), "zis:key", "zis", 1), Options{}, "--integration"},
		"two integrations":    {withStates("A", `"A":{"Type":"Action","ActionName":"zis:other:action:x","Next":"Done"},`+done), Options{}, "key, other"},
		"HTTP":                {withStates("Done", done), Options{URL: "http://log.example.com/zis"}, "HTTPS only"},
		"no host":             {withStates("Done", done), Options{URL: "log.example.com"}, "https://log.example.com/zis"},
		"a secret":            {withStates("Done", done), Options{URL: "https://me:secret@log.example.com/"}, "connection"},
		"action too long":     {withStates("Done", done), Options{Action: "a_name_that_is_too_long"}, "at most 20"},
		"odd connection":      {withStates("Done", done), Options{Connection: "my log"}, "connection"},
		"odd integration":     {withStates("Done", done), Options{Integration: "a b"}, "integration key"},
		"catch nothing":       {withStates("Done", done), Options{Catch: []string{"Done"}}, "could get a Catch"},
		"odd event reference": {withStates("Done", done), Options{EventReference: "input.id"}, "event reference"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Instrument([]byte(test.source), test.options)
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "secret")
		})
	}
}

func TestAMixedCatchIsNotTouched(t *testing.T) {
	source := withStates("A", `"A":{"Type":"Action","ActionName":"zis:key:action:x","Next":"Done"},"Done":{"Type":"Succeed"}`)
	once, _, err := Instrument([]byte(source), Options{Catch: []string{CatchAll}})
	require.NoError(t, err)
	mixed := strings.Replace(string(once), `"Catch":[`, `"Catch":[{"ErrorEquals":["States.ALL"],"Next":"Done"},`, 1)
	_, _, err = Instrument([]byte(mixed), Options{})
	require.ErrorContains(t, err, "flow sync, state A: its Catch has entries of yours")
}

func TestLongNamesAreCutAndStayDistinct(t *testing.T) {
	long := strings.Repeat("x", 90)
	first, second := ownName(partEntry, long+"1"), ownName(partEntry, long+"2")
	assert.Len(t, first, longestName)
	assert.NotEqual(t, first, second)
	assert.Equal(t, first, ownName(partEntry, long+"1"))
}

func FuzzInstrument(f *testing.F) {
	for name := range cases {
		source, err := os.ReadFile(filepath.Join("testdata", "cases", name, "before.json"))
		require.NoError(f, err)
		f.Add(source, true)
		once, _, err := Instrument(source, Options{Catch: []string{CatchAll}})
		require.NoError(f, err)
		f.Add(once, false)
	}
	f.Add([]byte(withStates("A", `"A":{"Type":"Choice","Choices":[{"Next":"A"}],"Default":"A"}`)), true)
	f.Fuzz(func(t *testing.T, source []byte, caught bool) {
		options := Options{}
		if caught {
			options.Catch = []string{CatchAll}
		}
		once, _, err := Instrument(source, options)
		if err != nil {
			return
		}
		b, err := read(once)
		require.NoError(t, err, "what comes out is a bundle")
		for _, flow := range b.flows {
			require.NoError(t, flow.check())
			for _, state := range flow.states.members {
				if isOwn(state.name, state.value) && state.value.string("ActionName") == jqAction {
					_, err := gojq.Parse(state.value.at("Parameters").string("expr"))
					require.NoError(t, err)
				}
			}
		}
		twice, report, err := Instrument(once, options)
		require.NoError(t, err)
		require.Equal(t, string(once), string(twice))
		require.False(t, report.Changed)
	})
}

func FuzzText(f *testing.F) {
	for _, text := range []string{
		"", "plain", "{{$.a}}", "$.a.b[0]", `a {{ $.x["y z"] }} b "\(.c)`, "{{$.a[*]}}", "$", "{{$..a}}", "\\(", "\xff",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		query, err := gojq.Parse(jqText(text))
		require.NoError(t, err)
		result, ok := query.Run(map[string]any{"a": "b"}).Next()
		require.True(t, ok, "there is always a text")
		require.IsType(t, "", result)
	})
}
