// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestID: what an id is made of.
func TestID(t *testing.T) {
	long := strings.Repeat("x", 256)
	tests := map[string]struct{ body, want string }{
		"own":                     {`{"id":"e-1","message":"m"}`, "^//e-1$"},
		"own, a number":           {`{"id":9007199254740993,"message":"m"}`, "^//9007199254740993$"},
		"own, of an account":      {`{"id":"e-1","message":"m","subdomain":"acme","name":"Order bot"}`, "^acme/Order bot/e-1$"},
		"own, with slashes":       {`{"id":"a/b","message":"m","subdomain":"acme/eu","name":"100%/x"}`, "^acme%2Feu/100%25%2Fx/a/b$"},
		"own, an e-mail address":  {`{"id":"jane@example.com","message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, of several words":   {`{"id":"the first","message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, long":               {`{"id":"` + long + `","message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, a phone number":     {`{"id":"555-123-4567","message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, a card number":      {`{"id":4111111111111111,"message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, a token":            {`{"id":"shpat_0123456789abcdef","message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, of an event":        {`{"id":"zis:1:e:18-646602214","message":"m"}`, "^//zis:1:e:18-646602214$"},
		"own, UUID":               {`{"id":"12345678-1234-1234-1234-123456789012","message":"m"}`, "^//12345678-1234-1234-1234-123456789012$"},
		"own, null":               {`{"id":"null","message":"m"}`, "^$"},
		"own, None":               {`{"id":"None","message":"m"}`, "^$"},
		"own, zero":               {`{"id":0,"message":"m"}`, "^$"},
		"own, nil UUID":           {`{"id":"00000000-0000-0000-0000-000000000000","message":"m"}`, "^$"},
		"own, of nothing":         {`{"id":"zis:null","message":"m"}`, "^//zis:null$"},
		"own, only of nothing":    {`{"id":"null:undefined","message":"m"}`, "^$"},
		"own, not filled in":      {`{"id":"{{id}}","message":"m"}`, "^$"},
		"own, half filled in":     {`{"id":"sync:{{event_id}}","message":"m"}`, "^$"},
		"own, a brace":            {`{"id":"a{{b","message":"m"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, null, by time":      {`{"id":"null","message":"m","timestamp":"2026-11-26T09:30:00Z"}`, "^//sha256-[0-9a-f]{32}$"},
		"own, no text":            {`{"id":true,"message":"m"}`, "^$"},
		"own, an object":          {`{"id":{"a":1},"message":"m"}`, "^$"},
		"own, empty":              {`{"id":" ","message":"m"}`, "^$"},
		"below fields it is none": {`{"message":"m","fields":{"id":"e-1"}}`, "^$"},
		"by time":                 {`{"message":"m","timestamp":"2026-11-26T09:30:00Z"}`, "^//sha256-[0-9a-f]{32}$"},
		"by event":                {`{"message":"m","fields":{"event_ref":"18-646602214"}}`, "^//sha256-[0-9a-f]{32}$"},
		"by sequence":             {`{"message":"m","sequence_id":7}`, "^//sha256-[0-9a-f]{32}$"},
		"no time":                 {`{"message":"m","timestamp":"now"}`, "^$"},
		"no event":                {`{"message":"m","event_ref":"an event"}`, "^$"},
		"null for an event":       {`{"message":"m","event_ref":"null"}`, "^$"},
		"an event not filled in":  {`{"message":"m","event_ref":"{{ref}}"}`, "^$"},
		"sequence undefined":      {`{"message":"m","sequence_id":"undefined"}`, "^$"},
		"nothing":                 {`{"message":"m"}`, "^$"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Regexp(t, test.want, one(t, test.body).ID)
		})
	}
}

// TestIDsTellApart: entries that differ in anything, also in what is not kept, are others;
// space is no difference.
func TestIDsTellApart(t *testing.T) {
	different := []string{
		`{"message":"m","timestamp":"2026-11-26T09:30:00Z"}`,
		`{"message":"m","timestamp":"2026-11-26T09:30:01Z"}`,
		`{"message":"n","timestamp":"2026-11-26T09:30:00Z"}`,
		`{"message":"m","timestamp":"2026-11-26T09:30:00Z","unknown":1}`,
		`{"message":"m","timestamp":"2026-11-26T09:30:00Z","unknown":1.0}`,
		`{"message":"m","timestamp":"2026-11-26T09:30:00Z","unknown":"a b"}`,
		`{"message":"m","timestamp":"2026-11-26T09:30:00Z","unknown":"a  b"}`,
		`{"timestamp":"2026-11-26T09:30:00Z","message":"m"}`,
		`{"message":"m","id":"1","subdomain":"a","name":"b"}`,
		`{"message":"m","id":"b/1","subdomain":"a"}`,
		`{"message":"m","id":"1","subdomain":"a/b"}`,
		`{"message":"m","id":"1","name":"a/b"}`,
		`{"message":"m","id":"jane@example.com"}`,
		`{"message":"m","id":"june@example.com"}`,
		`{"message":"m","id":"` + strings.Repeat("x", 2*maxText) + `1"}`,
		`{"message":"m","id":"` + strings.Repeat("x", 2*maxText) + `2"}`,
	}
	ids := map[string]string{}
	for _, body := range different {
		id := one(t, body).ID
		require.NotEmpty(t, id)
		require.Empty(t, ids[id], body)
		ids[id] = body
	}
	equal := []string{
		`{"message":"m","timestamp":"2026-11-26T09:30:00Z"}`,
		"{ \"message\" :\t\"m\",\n\"timestamp\":\"2026-11-26T09:30:00Z\" }\n",
		`[{"message":"m", "timestamp":"2026-11-26T09:30:00Z"}]`,
	}
	for _, body := range equal {
		require.Equal(t, one(t, equal[0]).ID, one(t, body).ID, body)
	}
}
