// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package failure

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
)

// values are of an event, by field.
type values map[event.Field]string

func newEvent(t *testing.T, v values) *event.Event {
	t.Helper()
	e := new(event.Event)
	for field, text := range v {
		quoted, err := jsontext.AppendQuote(nil, text)
		require.NoError(t, err)
		e.Keep(field, jsontext.Value(quoted))
		require.Equal(t, text, e.Get(field))
	}
	return e
}

func TestMaskDigits(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "",
		"nothing":                            "nothing",
		"436605550143":                       "****",
		"+436605550143":                      "****",
		"to 436605550143, from +15145550143": "to ****, from ****",
		"whatsapp:436605550143.":             "whatsapp:****.",
		"4111111111111111 and more":          "**** and more",
		"123456":                             "123456",
		"1234567":                            "****",
		"(#131047) 470":                      "(#131047) 470",
		"+123456":                            "+123456",
		"a+b 1234567+":                       "a+b ****+",
		"٠٦٦٠٥٥٥٠١٤٣ in Arabic":              "**** in Arabic",
		"x1234567y":                          "x1234567y",
		"To 33612345678.":                    "To ****.",
		"(33612345678)":                      "(****)",
		"+33612345678,":                      "****,",
		"33612345678: unknown":               "****: unknown",
		"phone=33612345678&x":                "phone=****&x",
		"https://wa.me/33612345678?a=b":      "https://wa.me/****?a=b",
		"jid 33612345678@s.whatsapp.net":     "jid ****@s.whatsapp.net",
		"0664-1234567, 0664.1234567":         "0664-****, 0664.****",
		"-1234567_":                          "-****_",
		"xoxb-123456789012-abcdefghijkl":     "xoxb-123456789012-abcdefghijkl",
		"Bearer abcDEFghij1234567klmnop":     "Bearer abcDEFghij1234567klmnop",
		"token=abcd1234567efghij":            "token=abcd1234567efghij",
		"shpat_0123456789abcdef":             "shpat_0123456789abcdef",
		"sk_live_1234567abcdefgh":            "sk_live_1234567abcdefgh",
		"00D000000000001AAA!A.1234567_b":     "00D000000000001AAA!A.1234567_b",
		"66125e71a1b2c3d400000707":           "66125e71a1b2c3d400000707",
		"2026-11-25 10:00":                   "2026-11-25 10:00",
	} {
		require.Equal(t, want, maskDigits(text))
	}
}

func FuzzMaskDigits(f *testing.F) {
	for _, text := range []string{"to +436605550143", "1234567", "123456", "+1234567+1234567", "\xff1234567\xff", "٠١٢٣٤٥٦٧٨"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := maskDigits(text)
		for _, word := range strings.FieldsFunc(got, isNoPartOfWord) {
			for _, row := range strings.FieldsFunc(word, isNoDigit) {
				require.True(t, hasLetter(word) || utf8.RuneCountInString(row) < allowlist.MinPhoneDigits, word)
			}
		}
		require.Equal(t, got, maskDigits(got))
		if utf8.ValidString(text) {
			require.True(t, utf8.ValidString(got))
		}
	})
}

func TestMessage(t *testing.T) {
	tests := map[string]struct {
		values values
		want   string
	}{
		"nothing":            {nil, ""},
		"one":                {values{event.ErrorMessage: "Too late"}, "Too late"},
		"all":                {values{event.ErrorMessage: "a", event.ChannelTitle: "b", event.ChannelMessage: "c", event.ChannelDetails: "d"}, "a: b: c: d"},
		"the same twice":     {values{event.ErrorMessage: "Too late", event.ChannelTitle: "Too late"}, "Too late"},
		"one in the other":   {values{event.ErrorMessage: "late", event.ChannelMessage: "Too late for this"}, "Too late for this"},
		"ends with a stop":   {values{event.ErrorMessage: "Too late.", event.ChannelDetails: "24 hours"}, "Too late: 24 hours"},
		"several lines":      {values{event.ErrorMessage: "  Too\r\n\tlate\u2028\x00 now "}, "Too late now"},
		"turned around":      {values{event.ErrorMessage: "Too \u202elate"}, "Too late"},
		"numbers are masked": {values{event.ErrorMessage: "To +436605550143", event.ChannelMessage: "436605550143 is unknown"}, "To ****: **** is unknown"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, Of(newEvent(t, test.values)).Message)
		})
	}
	t.Run("a cut leaves no part of a number", func(t *testing.T) {
		long := strings.Repeat("x", activity.MaxErrorMessage-8) + " 436605550143"
		got := Of(newEvent(t, values{event.ErrorMessage: long})).Message
		require.LessOrEqual(t, len(got), activity.MaxErrorMessage)
		require.NotContains(t, got, "4")
	})
}

func TestTypes(t *testing.T) {
	tests := []struct {
		channel, code, channelCode string
		want                       activity.ErrorType
	}{
		{"line", "unauthorized", "", activity.ErrorAuthorization},
		{"line", "forbidden", "", activity.ErrorAuthorization},
		{"line", "bad_request", "", activity.ErrorValidation},
		{"line", "invalid_message", "", activity.ErrorValidation},
		{"", "switchboard_invalid_action", "", activity.ErrorValidation},
		{"", "switchboard_invalid_target", "", activity.ErrorValidation},
		{"line", "conversation_not_found", "", activity.ErrorNotFound},
		{"line", "conflict", "", activity.ErrorConflict},
		{"line", "too_many_requests", "", activity.ErrorRateLimit},
		{"line", "too_many_switchboard_integrations", "", activity.ErrorLimit},
		{"line", "locked", "", activity.ErrorLimit},
		{"line", "request_timeout", "", activity.ErrorTimeout},
		{"line", "service_unavailable", "", activity.ErrorRemoteOutage},
		{"line", "internal_server_error", "", activity.ErrorInternal},
		{"line", "uncategorized_error", "", activity.ErrorOther},
		{"line", "", "", activity.ErrorOther},
		{"line", "a_code_of_tomorrow", "131047", activity.ErrorOther},
		{"whatsapp", "uncategorized_error", "470", activity.ErrorLimit},
		{"whatsapp", "uncategorized_error", "131047", activity.ErrorLimit},
		{"whatsapp", "uncategorized_error", "131056", activity.ErrorRateLimit},
		{"whatsapp", "bad_request", "131047", activity.ErrorLimit},
		{"whatsapp", "unauthorized", "999", activity.ErrorAuthorization},
		{"whatsapp", "", "131000", activity.ErrorRemoteOutage},
		{"telegram", "uncategorized_error", "403", activity.ErrorAuthorization},
		{"telegram", "uncategorized_error", "429", activity.ErrorRateLimit},
		{"telegram", "uncategorized_error", "502", activity.ErrorRemoteOutage},
		{"telegram", "uncategorized_error", "", activity.ErrorOther},
		{"twilio", "uncategorized_error", "21211", activity.ErrorValidation},
	}
	for _, test := range tests {
		require.Equal(t, test.want, typeOf(test.channel, test.code, test.channelCode), "%+v", test)
	}
}

func TestWhy(t *testing.T) {
	tests := map[string]struct {
		values values
		want   string
	}{
		"nothing":              {nil, "no reason was given"},
		"a code":               {values{event.ErrorCode: "unauthorized"}, "unauthorized"},
		"a message":            {values{event.ErrorMessage: "Too late"}, "Too late"},
		"both":                 {values{event.ErrorCode: "bad_request", event.ErrorMessage: "Too late"}, "Too late (bad_request)"},
		"the channel's code":   {values{event.Channel: "line", event.ChannelCode: "17"}, "line 17"},
		"of no channel":        {values{event.ChannelCode: "17"}, "channel 17"},
		"a code that is known": {values{event.Channel: "whatsapp", event.ChannelCode: "470"}, "the customer last wrote more than 24 hours ago (whatsapp 470)"},
		"Telegram's":           {values{event.Channel: "telegram", event.ChannelCode: "403"}, "the customer has blocked the bot (telegram 403)"},
		"few words": {
			values{event.Channel: "whatsapp", event.ChannelCode: "131047", event.ChannelTitle: "Re-engagement message"},
			"Re-engagement message: the customer last wrote more than 24 hours ago (whatsapp 131047)",
		},
		"enough words": {
			values{event.Channel: "whatsapp", event.ChannelCode: "470", event.ChannelTitle: "This came too late"},
			"This came too late (whatsapp 470)",
		},
		"not final":      {values{event.ErrorCode: "bad_request", event.Final: "false"}, "bad_request, not final"},
		"final":          {values{event.ErrorCode: "bad_request", event.Final: "true"}, "bad_request"},
		"only not final": {values{event.Final: "false"}, "no reason was given"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := newEvent(t, test.values)
			require.Equal(t, test.want, Why(e, Of(e)))
		})
	}
}

// TestKnownCodes: what is said of a channel's code goes on with a sentence.
func TestKnownCodes(t *testing.T) {
	for _, channel := range []map[string]channelCode{whatsApp, twilio} {
		for code, known := range channel {
			require.NotEmpty(t, known.errorType, code)
			require.Regexp(t, `^(the|a|too|there|Meta|WhatsApp|Twilio) [^.]+[^.]$`, known.means, code)
		}
	}
}
