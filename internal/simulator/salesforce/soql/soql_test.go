// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soql

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var hour = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

var rows = []Row{
	{"Id": "a", "EventType": "RestApi", "CreatedDate": hour, "Sequence": 1.0, "Open": true},
	{"Id": "b", "EventType": "Login", "CreatedDate": hour.Add(time.Hour), "Sequence": 0.0, "Open": false},
	{"Id": "c", "EventType": "It's", "CreatedDate": hour.Add(2 * time.Hour), "Sequence": nil, "Open": false},
}

func TestQueriesFind(t *testing.T) {
	for query, want := range map[string]string{
		"SELECT Id FROM X": "abc",
		"select id from X where eventtype = 'restapi'":                            "a",
		"SELECT Id FROM X WHERE EventType IN ('RestApi','Login')":                 "ab",
		"SELECT Id FROM X WHERE EventType NOT IN ('RestApi', 'Login')":            "c",
		`SELECT Id FROM X WHERE EventType = 'It\'s'`:                              "c",
		"SELECT Id FROM X WHERE CreatedDate >= 2026-11-26T11:00:00Z":              "bc",
		"SELECT Id FROM X WHERE CreatedDate > 2026-11-26T11:00:00.000Z":           "c",
		"SELECT Id FROM X WHERE CreatedDate < 2026-11-26T13:00:00+02:00":          "a",
		"SELECT Id FROM X WHERE CreatedDate = 2026-11-26T11:00:00Z":               "b",
		"SELECT Id FROM X WHERE Sequence <= 1 AND Sequence != 0":                  "a",
		"SELECT Id FROM X WHERE Sequence = null":                                  "c",
		"SELECT Id FROM X WHERE Sequence <> null":                                 "ab",
		"SELECT Id FROM X WHERE Open = TRUE OR Id = 'c'":                          "ac",
		"SELECT Id FROM X WHERE NOT (Id = 'a' OR Id = 'b')":                       "c",
		"SELECT Id FROM X WHERE Open = false AND (Id = 'a' OR Id = 'b')":          "b",
		"SELECT Id FROM X ORDER BY CreatedDate DESC":                              "cba",
		"SELECT Id FROM X ORDER BY Open, Sequence ASC, Id":                        "cba",
		"SELECT Id FROM X ORDER BY Id DESC LIMIT 2":                               "cb",
		"SELECT Id FROM X WHERE CreatedDate < 2026-11-26T10:00:00Z":               "",
		"SELECT Id, EventType FROM X WHERE Sequence >= 1 AND Open = true LIMIT 0": "",
	} {
		parsed, err := Parse(query)
		require.NoError(t, err, query)
		found, err := parsed.Run(rows)
		require.NoError(t, err, query)
		var ids strings.Builder
		for _, row := range found {
			ids.WriteString(row.Value("ID").(string))
		}
		assert.Equal(t, want, ids.String(), query)
	}
}

func TestQueriesThatSalesforceRefuses(t *testing.T) {
	for query, code := range map[string]string{
		"":                                   "MALFORMED_QUERY",
		"SELECT":                             "MALFORMED_QUERY",
		"SELECT * FROM X":                    "MALFORMED_QUERY",
		"SELECT LIMIT FROM X":                "MALFORMED_QUERY",
		"SELECT Id X":                        "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE":             "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id":          "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id LIKE 'a'": "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id = b":      "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id = 'a":     "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id IN 'a'":   "MALFORMED_QUERY",
		"SELECT Id FROM X LIMIT many":        "MALFORMED_QUERY",
		"SELECT Id FROM X OR":                "MALFORMED_QUERY",
		// The form of Salesforce's own answers, and a plus that was not escaped.
		"SELECT Id FROM X WHERE CreatedDate > 2026-11-26T11:00:00.000+0000": "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE CreatedDate > 2026-11-26T11:00:00 01:00":    "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id = 'a' OR Id = 'b' AND Id = 'c'":          "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE Id = 'a' AND Id = 'b' OR Id = 'c'":          "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE " + strings.Repeat("(", 60) + "Id = 'a'":    "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE " + strings.Repeat("NOT ", 60) + "Id = 'a'": "MALFORMED_QUERY",
		"SELECT Id FROM X WHERE CreatedDate > '2026-11-26T11:00:00Z'":       "INVALID_FIELD",
		"SELECT Id FROM X WHERE EventType = 17":                             "INVALID_FIELD",
		"SELECT Id FROM X WHERE NOT (Sequence = '1' AND Open = 'true')":     "INVALID_FIELD",
		"SELECT Id FROM X WHERE Open IN ('true')":                           "INVALID_FIELD",
	} {
		parsed, err := Parse(query)
		if err == nil {
			_, err = parsed.Run(rows)
		}
		var failure Error
		require.ErrorAs(t, err, &failure, query)
		assert.Equal(t, code, failure.Code, query)
		assert.Contains(t, err.Error(), code)
	}
}

func TestWhatAQueryNames(t *testing.T) {
	q, err := Parse("SELECT Id, LogFile FROM EventLogFile WHERE Interval = 'Hourly' AND NOT Id = 'a' ORDER BY CreatedDate")
	require.NoError(t, err)
	assert.Equal(t, "EventLogFile", q.From)
	assert.Equal(t, []string{"Id", "LogFile", "Interval", "Id", "CreatedDate"}, q.Columns())
	assert.True(t, q.Filters("interval"))
	assert.False(t, q.Filters("LogFile"))
	q.DropFilter("Interval")
	found, err := q.Run(rows)
	require.NoError(t, err)
	assert.Len(t, found, 2)
}

func FuzzParse(f *testing.F) {
	f.Add("SELECT Id FROM X WHERE (a = 'b' OR NOT c < 2026-11-26T11:00:00Z) AND d IN (1, null) ORDER BY e DESC LIMIT 1")
	f.Fuzz(func(t *testing.T, text string) {
		query, err := Parse(text)
		if err == nil {
			_, _ = query.Run(rows)
			assert.NotEmpty(t, query.Columns())
		}
	})
}
