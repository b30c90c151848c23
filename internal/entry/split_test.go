// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSplit: which entries a body has, and which of them are counted as unreadable.
func TestSplit(t *testing.T) {
	a, b := `{"message":"a"}`, `{"message":"b"}`
	pretty := "{\n  \"message\": \"a\"\n}"
	tests := map[string]struct {
		header     http.Header
		body       string
		messages   string
		unreadable map[string]int
	}{
		"object":                        {nil, a, "a", nil},
		"object in several lines":       {nil, pretty, "a", nil},
		"object with space around":      {nil, "\r\n " + a + " \n", "a", nil},
		"list":                          {nil, "[" + a + "," + b + "]", "ab", nil},
		"list in several lines":         {nil, "[\n" + pretty + ",\n" + b + "\n]", "ab", nil},
		"list with others":              {nil, `[1,"x",null,[` + a + `],{},` + b + `]`, "b", map[string]int{notAnObject: 4, noMessage: 1}},
		"lines":                         {ndjson, a + "\n" + b, "ab", nil},
		"lines, whatever the type says": {nil, a + "\n" + b + "\n", "ab", nil},
		"lines with CR LF":              {ndjson, a + "\r\n\r\n" + b + "\r\n", "ab", nil},
		"lines, one broken":             {ndjson, a + "\n{\"message\":\n" + b, "ab", map[string]int{notJSON: 1}},
		"lines, the last cut off":       {nil, a + "\n" + b[:5], "a", map[string]int{notJSON: 1}},
		"lines with others":             {ndjson, "[" + a + "]\nx\n1\n" + b, "b", map[string]int{notAnObject: 3}},
		"lines, two objects in one":     {ndjson, a + a + "\n" + b, "b", map[string]int{notJSON: 1}},
		"lines of the one and no type":  {http.Header{"Content-Type": {"application/x-ndjson; charset=utf-8"}}, a, "a", nil},
		"message that is a number":      {nil, `{"message":17}`, "17", nil},
		"no text as message in a list":  {nil, `[{"message":true},{"message":{}},{"message":["a"]},{"message":" "},` + a + `]`, "a", map[string]int{noMessage: 4}},
		"message below fields is none":  {nil, `[{"fields":{"message":"x"}},` + a + `]`, "a", map[string]int{noMessage: 1}},
		"message that is there twice":   {nil, `{"message":"x","message":"y"}`, "x", nil},
		"invalid UTF-8":                 {nil, "{\"message\":\"\xff\"}", "\ufffd", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			delivery, err := testSource().Parse(test.header, []byte(test.body), received)
			require.NoError(t, err)
			var messages strings.Builder
			for _, a := range delivery.Activities {
				messages.WriteString(a.Description)
			}
			require.Equal(t, test.messages, messages.String())
			require.Equal(t, test.unreadable, delivery.Unreadable)
		})
	}
}

// TestMalformed: of such a body nothing is taken, and its error quotes nothing of it.
func TestMalformed(t *testing.T) {
	a := `{"message":"canary"}`
	tests := map[string]struct {
		header http.Header
		body   string
		err    string
	}{
		"empty":                        {nil, "", "JSON"},
		"space":                        {nil, " \n", "JSON"},
		"empty lines":                  {ndjson, "\n\n", "has no entry"},
		"no JSON":                      {nil, "message=canary", "not valid JSON"},
		"cut off":                      {nil, a[:len(a)-1], "ends early"},
		"list cut off":                 {nil, "[" + a, "ends early"},
		"list with a broken element":   {nil, "[" + a + `,{"message":}]`, "not valid JSON"},
		"list and something":           {nil, "[" + a + "] canary", "more than one"},
		"object and object":            {nil, a + a, "more than one"},
		"object and object, with type": {ndjson, a + a, "has no entry"},
		"byte order mark":              {nil, "\ufeff" + a, "not valid JSON"},
		"text":                         {nil, `"canary"`, "has no entry"},
		"null":                         {nil, "null", "has no entry"},
		"list of nothing":              {nil, "[]", "has no entry"},
		"no message":                   {nil, `{"level":"canary"}`, "has no entry"},
		"object in several lines that claims to be several": {ndjson, "{\n\"message\":\"canary\"\n}", "has no entry"},
		"20,000 deep":    {nil, `{"message":"canary","x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + "}", "not valid JSON"},
		"too many":       {nil, "[" + strings.Repeat(a+",", maxEntries) + a + "]", "more than 10000 entries"},
		"too many lines": {ndjson, strings.Repeat(a+"\n", maxEntries+1), "more than 10000 entries"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			delivery, err := testSource().Parse(test.header, []byte(test.body), received)
			require.ErrorContains(t, err, test.err)
			require.NotContains(t, err.Error(), "canary")
			require.Empty(t, delivery.Activities)
		})
	}
	t.Run("as many as may be", func(t *testing.T) {
		require.Len(t, parse(t, "["+strings.Repeat(a+",", maxEntries-1)+a+"]").Activities, maxEntries)
	})
}
