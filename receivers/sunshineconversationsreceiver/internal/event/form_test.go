// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// TestForms: what does not have the form of what a field stands for is not kept.
func TestForms(t *testing.T) {
	const own = "66aa5e71a1b2c3d400000101"
	tests := map[string]struct {
		field Field
		json  string
		want  string
	}{
		"own id of a user":              {UserID, `"` + own + `"`, own},
		"an address of a user":          {UserID, `"jane@example.com"`, ""},
		"a phone number of a user":      {UserID, `"+436605550143"`, ""},
		"bare digits of a user":         {UserID, `"436605550143"`, ""},
		"another's id of a user":        {UserID, `"customer-17"`, ""},
		"own id in capitals":            {UserID, `"` + strings.ToUpper(own) + `"`, ""},
		"24 digits":                     {UserID, `"` + strings.Repeat("1", 24) + `"`, strings.Repeat("1", 24)},
		"a message":                     {MessageID, `"` + own + `"`, own},
		"a phone number for a message":  {MessageID, `"436605550143"`, ""},
		"one with a plus":               {MessageID, `"+436605550143"`, ""},
		"one with dashes":               {MessageID, `"555-012-3456"`, ""},
		"an address for a message":      {MessageID, `"jane@example.com"`, ""},
		"an event":                      {ID, `"` + own + `"`, own},
		"an event, a word":              {ID, `"evt-17:a"`, "evt-17:a"},
		"an event, a number":            {ID, `17`, "17"},
		"an event that looks like one":  {ID, `"436605550143"`, activity.Digest([]byte("436605550143"))},
		"an address for an event":       {ID, `"jane@example.com"`, activity.Digest([]byte("jane@example.com"))},
		"a slash in an event":           {ID, `"a/b"`, activity.Digest([]byte("a/b"))},
		"a blank in an event":           {ID, `"a b"`, activity.Digest([]byte("a b"))},
		"a token for an event":          {ID, `"shpat_0123456789abcdef"`, activity.Digest([]byte("shpat_0123456789abcdef"))},
		"an event too long":             {ID, `"` + strings.Repeat("x", 300) + `"`, activity.Digest([]byte(strings.Repeat("x", 300)))},
		"an event of blanks":            {ID, `" "`, ""},
		"an event that is an object":    {ID, `{}`, ""},
		"a name":                        {SwitchboardName, `"Zendesk Agent Workspace"`, "Zendesk Agent Workspace"},
		"a name of another script":      {SwitchboardName, `"ボット 2"`, "ボット 2"},
		"a name that is turned around":  {SwitchboardName, `"bot\u202e "`, "bot"},
		"a name with an address":        {SwitchboardName, `"bot of jane@example.com"`, ""},
		"a name with a phone number":    {SwitchboardName, `"Call Jane +33 6 12 34 56 78"`, ""},
		"a name with a token":           {SwitchboardName, `"Bearer abc123def456"`, ""},
		"a name of bare digits":         {SwitchboardName, `"436605550143"`, ""},
		"a name in two lines":           {SwitchboardName, `"a\nb"`, ""},
		"a token for a message":         {MessageID, `"shpat_0123456789abcdef"`, ""},
		"a card number for a message":   {MessageID, `"4111111111111111"`, ""},
		"a header for a reason":         {Reason, `"Bearer:abc123def456"`, ""},
		"version 2":                     {version, `"v2"`, "v2"},
		"version 1.1":                   {version, `"v1.1"`, "v1.1"},
		"version 1":                     {version, `"v1"`, "v1"},
		"version of tomorrow":           {version, `"v3"`, ""},
		"a short number":                {ExternalMessageID, `"371"`, "371"},
		"a number above a phone's":      {ExternalMessageID, `"5098034272017990000"`, "5098034272017990000"},
		"Twilio's":                      {ExternalMessageID, `"SM0f1e2d3c4b5a69788796a5b4c3d2e1f0"`, "SM0f1e2d3c4b5a69788796a5b4c3d2e1f0"},
		"WhatsApp's":                    {ExternalMessageID, `"wamid.HBgMNDM2NjA1NTUwMTQz"`, ""},
		"WhatsApp's of before":          {ExternalMessageID, `"gBEGQ2YFVQFDAgnC"`, ""},
		"a mail's":                      {ExternalMessageID, `"<1@example.com>"`, ""},
		"a channel":                     {Channel, `"whatsapp"`, "whatsapp"},
		"a channel with a space":        {Channel, `"whats app"`, ""},
		"a channel that is an object":   {Channel, `{}`, ""},
		"a channel that is true":        {Channel, `true`, ""},
		"a code as a number":            {ChannelCode, `131047`, "131047"},
		"a code as a text":              {ChannelCode, `"470"`, "470"},
		"a negative code":               {ChannelCode, `-1`, "-1"},
		"a code with a fraction":        {ChannelCode, `4.70`, ""},
		"a code of words":               {ChannelCode, `"not_allowed"`, ""},
		"a phone number for a code":     {ChannelCode, `436605550143`, ""},
		"no code":                       {ChannelCode, `"-"`, ""},
		"final":                         {Final, `true`, "true"},
		"not final":                     {Final, `false`, "false"},
		"final as text":                 {Final, `"true"`, "true"},
		"perhaps final":                 {Final, `"maybe"`, ""},
		"a word too long":               {Reason, `"` + strings.Repeat("x", allowlist.MaxValue+1) + `"`, ""},
		"the longest word":              {Reason, `"` + strings.Repeat("x", allowlist.MaxValue) + `"`, strings.Repeat("x", allowlist.MaxValue)},
		"a text with anything":          {ErrorMessage, `"To jane@example.com: \u00fc"`, "To jane@example.com: ü"},
		"a text too long":               {ErrorMessage, `"` + strings.Repeat("ü", maxText) + `"`, strings.Repeat("ü", maxText/2)},
		"an escape in a word":           {Type, `"client\u003aupdate"`, "client:update"},
		"a time":                        {CreatedAt, `"2026-11-25T10:00:00.001Z"`, "2026-11-25T10:00:00.001Z"},
		"a name for a time":             {CreatedAt, `"Jane"`, ""},
		"seconds":                       {Timestamp, `1795600801.237`, "1795600801.237"},
		"seconds with an exponent":      {Timestamp, `1.795600801237e9`, ""},
		"seconds with many digits":      {Timestamp, `1795600801.` + strings.Repeat("1", maxTime), ""},
		"a time before all messengers":  {Timestamp, `0`, ""},
		"a time that does not fit":      {CreatedAt, `"2263-01-01T00:00:00Z"`, ""},
		"seconds that do not fit":       {Timestamp, `9300000000`, ""},
		"seconds that nobody can count": {Timestamp, strings.Repeat("9", 30), ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, text(test.field, jsontext.Value(test.json)))
		})
	}
}

func TestTime(t *testing.T) {
	at := time.Date(2026, 11, 25, 10, 0, 1, 237000000, time.UTC)
	for text, want := range map[string]time.Time{
		`"2026-11-25T10:00:01.237Z"`:      at,
		`"2026-11-25T11:00:01.237+01:00"`: at,
		"1795600801.237":                  at,
		"1795600801.2370000009":           at,
		"1795600801":                      at.Truncate(time.Second),
		"1795600801.":                     at.Truncate(time.Second),
		"null":                            {},
	} {
		for _, field := range []Field{CreatedAt, Timestamp} {
			var e Event
			e.Keep(field, jsontext.Value(text))
			require.True(t, want.Equal(e.Time()), "%s: %s", text, e.Time())
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"1795600801.237", "2026-11-25T10:00:00.001Z", "-1", "1e9", ".5", "9223372036.854775807"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseTime(text)
		if !ok {
			return
		}
		require.Positive(t, at.UnixNano())
		if seconds, err := strconv.ParseFloat(text, 64); err == nil {
			require.InDelta(t, seconds, float64(at.UnixNano())/1e9, 1e-3)
		}
	})
}
