// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// The files that the page links to have what the page shows, and what the ledger says, in
// every field.
func testExport(t *testing.T, w *world) {
	t.Helper()
	tests := []struct {
		name string
		of   choice
	}{
		{"of a filter", choice{statuses: []string{"error"}, products: []string{"salesforce", "zis"}, end: hostileStart(w.now), start: w.now.Add(-100 * time.Hour)}},
		{"of times", choice{start: w.now.Add(-20 * time.Hour), end: w.now.Add(-2 * time.Hour)}},
		{"of nothing", choice{search: "nothing like this"}},
		{"of all", choice{}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := w.log.chosen(test.of)
			query := test.of.query()
			query.Set("limit", "100")
			v := w.open(t, browser.Visitor{Zone: "Asia/Tokyo"}, "/", query)
			v.showsOrIsEmpty(want)

			lines := jsonLines(t, v.download("JSON lines"))
			requireExported(t, want, lines)
			cells := cellsOf(t, v.download("CSV"))
			require.Len(t, cells, len(want))
			for i, line := range lines {
				for _, cell := range cells[i] {
					assert.NotRegexp(t, formula, cell)
				}
				assert.NotRegexp(t, controls, strings.Join(cells[i], "\n"), "line %d", i)
				assert.Equal(t, bare(fieldsOf(line)), bare(cells[i]), "line %d", i)
			}
			rows, err := v.rows()
			require.NoError(t, err)
			for i, r := range rows {
				assert.Equal(t, r.Time, instant(t, lines[i].Time), "the page shows them in this order")
				if isPlain(r.Description) {
					assert.Equal(t, r.Description, lines[i].Description)
				}
			}
		})
	}
}

// download returns the file that a link of the page leads to, as the browser gets it.
func (v *view) download(name string) string {
	v.t.Helper()
	text, err := browser.Apply[string](v.Find("link", name), "function() { return this.href }")
	require.NoError(v.t, err)
	var status int
	var body []byte
	v.Until(func() error {
		status, body = getAddress(v.t, text)
		if status == http.StatusServiceUnavailable { // with Retry-After: Loki broke off, ask again
			v.t.Log("asked again: ", string(body))
			return errors.New("the log cannot be read now")
		}
		return nil
	})
	require.Equal(v.t, http.StatusOK, status)
	return string(body)
}

func jsonLines(t *testing.T, text string) []answered {
	t.Helper()
	var lines []answered
	for line := range strings.Lines(text) {
		var a answered
		require.NoError(t, json.Unmarshal([]byte(line), &a))
		lines = append(lines, a)
	}
	return lines
}

// cellsOf reads the lines after the first, which has the names.
func cellsOf(t *testing.T, text string) [][]string {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\uFEFF")))
	lines, err := reader.ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{
		"time", "product", "status", "description", "type", "evidence", "integration", "account", "id", "object_type", "object_id",
		"error_type", "error_code", "error_message", "http_status_code",
	}, lines[0])
	return lines[1:]
}

func fieldsOf(a answered) []string {
	code := ""
	if a.HTTPStatusCode != 0 {
		code = itoa(a.HTTPStatusCode)
	}
	return []string{
		a.Time, a.Product, a.Status, a.Description, a.Type, a.Evidence, a.Integration, a.Account, a.ID, a.ObjectType, a.ObjectID,
		a.ErrorType, a.ErrorCode, a.ErrorMessage, code,
	}
}

// requireExported requires every activity of the ledger, field by field, and no other.
func requireExported(t *testing.T, want ledger, lines []answered) {
	t.Helper()
	require.ElementsMatch(t, want.ids(), idsOf(lines))
	byID := map[string]*activity.Activity{}
	for i := range want {
		byID[want[i].ID] = &want[i]
	}
	for i, line := range lines {
		a := byID[line.ID]
		failure := activity.Failure{}
		if a.Error != nil {
			failure = *a.Error
		}
		line.Time, line.Position = instant(t, line.Time), ""
		require.Equal(t, answered{
			Time: moment(a.Time), Product: string(a.Product), Status: string(a.Status), Description: a.Description, Type: a.Type, Evidence: string(a.Evidence),
			Integration: a.IntegrationName, Account: a.Account, ID: a.ID, ObjectType: a.ObjectType, ObjectID: a.ObjectID,
			ErrorType: string(failure.Type), ErrorCode: failure.Code, ErrorMessage: failure.Message, HTTPStatusCode: a.HTTPStatusCode,
		}, line, "line %d", i)
		require.Equal(t, moment(want[i].Time), line.Time, "newest first")
	}
}

// instant returns a time without the zone in which it is written.
func instant(t *testing.T, text string) string {
	t.Helper()
	return moment(parse(t, text))
}

// formula matches what a spreadsheet takes for one.
var formula = regexp.MustCompile(`^[=+\-@\t\r\n]`)

// controls matches what controls how the text around it is shown, but for line breaks and tabs.
var controls = regexp.MustCompile(`[\x00-\x08\x0B-\x1F\x7F-\x{9F}\x{061C}\x{200E}\x{200F}\x{2028}-\x{202E}\x{2066}-\x{206F}\x{FEFF}]`)

// bare is a line without the apostrophes that make formulas harmless, and without the
// characters that the file has visible signs for.
func bare(cells []string) []string {
	quoted := regexp.MustCompile(`'([=+\-@\t\r\n])`)
	for i, cell := range cells {
		cells[i] = visible(quoted.ReplaceAllString(cell, "$1"))
	}
	return cells
}
