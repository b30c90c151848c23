// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// said is what a record says before it is processed.
type said struct {
	attributes map[string]any
	number     plog.SeverityNumber
	text       string
}

func (s said) fill(tb testing.TB, record plog.LogRecord) {
	tb.Helper()
	require.NoError(tb, record.Attributes().FromRaw(s.attributes))
	record.SetSeverityNumber(s.number)
	record.SetSeverityText(s.text)
}

func testProcessor(tb testing.TB, change func(*Config)) *severityProcessor {
	tb.Helper()
	cfg := createDefaultConfig().(*Config)
	if change != nil {
		change(cfg)
	}
	require.NoError(tb, cfg.Validate())
	p, err := newProcessor(cfg, componenttest.NewNopTelemetrySettings())
	require.NoError(tb, err)
	return p
}

func requireStatus(tb testing.TB, record plog.LogRecord, want activity.Status) {
	tb.Helper()
	value, ok := record.Attributes().Get(activity.StatusKey)
	require.True(tb, ok)
	require.Equal(tb, string(want), value.AsString())
	require.Equal(tb, string(want), record.SeverityText())
	require.Equal(tb, map[activity.Status]plog.SeverityNumber{
		activity.Debug: 5, activity.Info: 9, activity.Warning: 13, activity.Error: 17,
	}[want], record.SeverityNumber())
}

// requireStable processes the record again and requires that nothing changes.
func requireStable(tb testing.TB, p *severityProcessor, record plog.LogRecord) {
	tb.Helper()
	before := plog.NewLogRecord()
	record.CopyTo(before)
	var unknown unknownWords
	p.processRecord(record, &unknown)
	require.Equal(tb, before, record)
	require.Zero(tb, unknown)
}

type attrs = map[string]any

// recordTest is a record and what becomes of it.
type recordTest struct {
	said     said
	want     activity.Status
	original string
	unknown  []source
}

func runRecordTests(t *testing.T, tests map[string]recordTest) {
	t.Helper()
	for name, test := range tests {
		t.Run(name, test.run)
	}
}

func (test recordTest) run(t *testing.T) {
	p := testProcessor(t, nil)
	record := plog.NewLogRecord()
	test.said.fill(t, record)
	var unknown unknownWords
	p.processRecord(record, &unknown)

	requireStatus(t, record, test.want)
	original, ok := record.Attributes().Get(activity.StatusOriginalKey)
	require.Equal(t, test.original != "", ok)
	if ok {
		require.Equal(t, test.original, original.Str())
	}
	var wantUnknown unknownWords
	for _, s := range test.unknown {
		wantUnknown[s] = 1
	}
	require.Equal(t, wantUnknown, unknown)
	requireStable(t, p, record)
}

func TestOneSource(t *testing.T) {
	runRecordTests(t, map[string]recordTest{
		"says nothing":                         {want: activity.Info},
		"canonical status":                     {said: said{attributes: attrs{"status": "error"}}, want: activity.Error},
		"canonical debug":                      {said: said{attributes: attrs{"status": "debug"}}, want: activity.Debug},
		"status in another case":               {said: said{attributes: attrs{"status": " Error "}}, want: activity.Error},
		"vendor's status":                      {said: said{attributes: attrs{"status": "circuit broken"}}, want: activity.Error, original: "circuit broken"},
		"vendor's status, shouted":             {said: said{attributes: attrs{"status": "FAILED"}}, want: activity.Error, original: "FAILED"},
		"French status":                        {said: said{attributes: attrs{"status": "Avertissement"}}, want: activity.Warning, original: "Avertissement"},
		"level":                                {said: said{attributes: attrs{"level": "warn"}}, want: activity.Warning, original: "warn"},
		"level that is a status":               {said: said{attributes: attrs{"level": "WARNING"}}, want: activity.Warning},
		"severity":                             {said: said{attributes: attrs{"severity": "crit"}}, want: activity.Error, original: "crit"},
		"number":                               {said: said{number: 21}, want: activity.Error, original: "21"},
		"number that is a status's own":        {said: said{number: 13}, want: activity.Warning},
		"number and its text":                  {said: said{number: 9, text: "INFO"}, want: activity.Info},
		"number and the source's name for it":  {said: said{number: 17, text: "CRITICAL"}, want: activity.Error, original: "CRITICAL"},
		"number and a text that contradicts":   {said: said{number: 17, text: "info"}, want: activity.Error, original: "info"},
		"number and a text that is not known":  {said: said{number: 5, text: "chatty"}, want: activity.Debug, original: "chatty"},
		"number that text says less precisely": {said: said{number: 18, text: "error"}, want: activity.Error, original: "18"},
		"text":                                 {said: said{text: "Notice"}, want: activity.Info, original: "Notice"},
		"code":                                 {said: said{attributes: attrs{"http.response.status_code": 503}}, want: activity.Error, original: "503"},
		"code as a string":                     {said: said{attributes: attrs{"http.response.status_code": "429"}}, want: activity.Warning, original: "429"},
		"code that is fine":                    {said: said{attributes: attrs{"http.response.status_code": 204}}, want: activity.Info, original: "204"},
	})
}

func TestOrderOfSources(t *testing.T) {
	runRecordTests(t, map[string]recordTest{
		"canonical status goes before everything": {
			said: said{attrs{"status": "info", "level": "error", "severity": "error", "http.response.status_code": 500}, 17, "error"},
			want: activity.Info,
		},
		"status word goes before level": {
			said: said{attrs{"status": "failed", "level": "info", "severity": "debug", "http.response.status_code": 200}, 9, "info"},
			want: activity.Error, original: "failed",
		},
		"level goes before severity": {
			said: said{attrs{"level": "warn", "severity": "error", "http.response.status_code": 500}, 17, "error"},
			want: activity.Warning, original: "warn",
		},
		"severity goes before number": {
			said: said{attrs{"severity": "warn", "http.response.status_code": 500}, 17, "error"},
			want: activity.Warning, original: "warn",
		},
		"number goes before text": {
			said: said{attrs{"http.response.status_code": 500}, 13, "warning"},
			want: activity.Warning,
		},
		"text goes before code": {
			said: said{attributes: attrs{"http.response.status_code": 500}, text: "Debug"},
			want: activity.Debug,
		},
	})
}

func TestWordsThatDoNotDecide(t *testing.T) {
	runRecordTests(t, map[string]recordTest{
		"unknown status alone": {
			said: said{attributes: attrs{"status": "wibble"}},
			want: activity.Info, original: "wibble", unknown: []source{statusAttribute},
		},
		"unknown status is kept though level decides": {
			said: said{attributes: attrs{"status": "wibble", "level": "error"}},
			want: activity.Error, original: "wibble", unknown: []source{statusAttribute},
		},
		"unknown level is not kept if the code decides": {
			said: said{attributes: attrs{"level": "wibble", "http.response.status_code": 404}},
			want: activity.Error, original: "404", unknown: []source{levelAttribute},
		},
		"progress does not decide": {
			said: said{attributes: attrs{"status": "pending", "level": "error"}},
			want: activity.Error, original: "pending",
		},
		"progress alone": {said: said{attributes: attrs{"status": "Queued"}}, want: activity.Info, original: "Queued"},
		"everything is unknown": {
			said: said{attrs{"status": "a b c", "level": "x", "severity": "y", "http.response.status_code": 700}, 25, "z"},
			want: activity.Info, original: "a b c",
			unknown: []source{statusAttribute, levelAttribute, severityAttribute, severityNumberField, severityTextField, httpStatusAttribute},
		},
		"negative number": {said: said{number: -1}, want: activity.Info, original: "-1", unknown: []source{severityNumberField}},
		"blank words":     {said: said{attributes: attrs{"status": "  ", "level": "", "severity": "-"}, text: "\t"}, want: activity.Info},
	})
}

func TestOriginalIsNeverOverwritten(t *testing.T) {
	runRecordTests(t, map[string]recordTest{
		"original is there already": {
			said: said{attributes: attrs{"status": "failed", "status.original": "éteint"}},
			want: activity.Error, original: "éteint",
		},
	})
}

func TestAllSeverityNumbers(t *testing.T) {
	p := testProcessor(t, nil)
	want := map[activity.Status][2]plog.SeverityNumber{
		activity.Debug: {1, 8}, activity.Info: {9, 12}, activity.Warning: {13, 16}, activity.Error: {17, 24},
	}
	for status, limits := range want {
		for number := limits[0]; number <= limits[1]; number++ {
			record := plog.NewLogRecord()
			record.SetSeverityNumber(number)
			p.processRecord(record, new(unknownWords))
			requireStatus(t, record, status)
		}
	}
}

func TestConfigDecides(t *testing.T) {
	p := testProcessor(t, func(cfg *Config) {
		cfg.DefaultStatus = activity.Warning
		cfg.Mapping = map[string]activity.Status{
			"Throttled": activity.Error,
			"parked":    activity.Debug,
			"404":       activity.Info,
			"50":        activity.Error,
			"pending":   activity.Debug,
		}
	})
	tests := map[string]struct {
		said said
		want activity.Status
	}{
		"nothing":             {said{}, activity.Warning},
		"unknown":             {said{attributes: attrs{"status": "wibble"}}, activity.Warning},
		"overridden":          {said{attributes: attrs{"status": "throttled"}}, activity.Error},
		"extended":            {said{text: "PARKED"}, activity.Debug},
		"code":                {said{attributes: attrs{"http.response.status_code": 404}}, activity.Info},
		"other code":          {said{attributes: attrs{"http.response.status_code": 403}}, activity.Error},
		"library's number":    {said{attributes: attrs{"level": 50}}, activity.Error},
		"a word that decides": {said{attributes: attrs{"status": "pending", "level": "error"}}, activity.Debug},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			record := plog.NewLogRecord()
			test.said.fill(t, record)
			p.processRecord(record, new(unknownWords))
			requireStatus(t, record, test.want)
			requireStable(t, p, record)
		})
	}
}

func TestForeignWordsAreBounded(t *testing.T) {
	for name, word := range map[string]string{
		"a megabyte":               strings.Repeat("error", 1<<18),
		"a megabyte of half runes": strings.Repeat("\x80", 1<<20),
		"null bytes":               "error\x00",
		"invalid UTF-8":            "err\xff\xfeor",
	} {
		t.Run(name, func(t *testing.T) {
			p := testProcessor(t, nil)
			record := plog.NewLogRecord()
			said{attributes: attrs{"status": word, "level": word, "severity": word}, text: word}.fill(t, record)
			p.processRecord(record, new(unknownWords))
			requireStatus(t, record, activity.Info)
			original, ok := record.Attributes().Get(activity.StatusOriginalKey)
			require.True(t, ok)
			require.LessOrEqual(t, len(original.Str()), 3*maxOriginal)
			require.Equal(t, strings.ToValidUTF8(original.Str(), "?"), original.Str())
			requireStable(t, p, record)
		})
	}
}
