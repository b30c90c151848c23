// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func parse(t *testing.T, body string) *Request {
	t.Helper()
	r := new(Request)
	require.NoError(t, r.Parse([]byte(body)))
	return r
}

// TestVersions are told apart by the list of events and the trigger.
func TestVersions(t *testing.T) {
	for body, want := range map[string]string{
		`{"events":[],"webhook":{"version":"v2"}}`: "v2",
		`{"events":[]}`:                                             "v2",
		`{"events":[],"trigger":"message"}`:                         "v2",
		`{"trigger":"message","version":"v1.1"}`:                    "v1.1",
		`{"trigger":"message"}`:                                     "v1",
		`{"trigger":"message","events":null}`:                       "v1",
		`{"trigger":"message","events":{}}`:                         "v1",
		`{"trigger":"message","version":{"jane@example.com":"v7"}}`: "v1",
		`{"trigger":"message","version":"v7"}`:                      "v1",
		`{"events":[],"webhook":{"version":"canary"}}`:              "v2",
	} {
		require.Equal(t, want, parse(t, body).Version, body)
	}
}

func TestErrorsQuoteNothing(t *testing.T) {
	for body, want := range map[string]string{
		``:                          "body is no JSON object",
		`{"app":"canary"}`:          "body has neither a list of events nor a trigger",
		`{"trigger":"can ary"}`:     "body has neither a list of events nor a trigger",
		`{"events":["canary"]}`:     "body has events, and none of them can be understood",
		`{"events":[canary]}`:       "body is not valid JSON",
		`{"events":["canary"`:       "body is JSON that ends early",
		`{"events":[]} "canary"`:    "body has more than one JSON value",
		`{"trigger":"t"}{"canary"}`: "body has more than one JSON value",
	} {
		require.EqualError(t, new(Request).Parse([]byte(body)), want, body)
	}
}

func TestUnreadable(t *testing.T) {
	r := parse(t, `{"events":[{"id":"1","type":"t"},1,{"id":"2"},{"type":"t"},null,{"type":"t","id":{}}]}`)
	require.Len(t, r.Events, 1)
	require.Equal(t, map[string]int{NotObject: 2, NoType: 1, NoID: 2}, r.Unreadable)
}

// TestShared: what the events of a request have in common.
func TestShared(t *testing.T) {
	r := parse(t, `{"app":{"id":"a"},"webhook":{"id":"w","version":"v2"},"events":[]}`)
	require.Equal(t, []string{"a", "w", "v2"}, []string{r.AppID, r.WebhookID, r.Version})
	r = parse(t, `{"app":{"_id":"a"},"trigger":"t"}`)
	require.Equal(t, []string{"a", "", "v1"}, []string{r.AppID, r.WebhookID, r.Version})
}

// TestErrors: the shapes that an error, and the channel's below it, can have.
func TestErrors(t *testing.T) {
	const outside = "outside"
	tests := map[string]struct {
		json   string
		failed bool
		want   map[Field]string
	}{
		"none":              {`null`, false, nil},
		"empty":             {`{}`, false, nil},
		"empty, with space": {`{ }`, false, nil},
		"an empty list":     {`[]`, false, nil},
		"an empty text":     {`" "`, false, nil},
		"false":             {`false`, false, nil},
		"true":              {`true`, true, nil},
		"a number":          {`17`, true, nil},
		"unknown members":   {`{"a":1}`, true, nil},
		"a text":            {`"outside"`, true, map[Field]string{ErrorMessage: outside}},
		"a list":            {`["outside"]`, true, nil},
		"code and message":  {`{"code":"c","message":"outside"}`, true, map[Field]string{ErrorCode: "c", ErrorMessage: outside}},
		"title":             {`{"title":"outside"}`, true, map[Field]string{ErrorMessage: outside}},
		"underlying text":   {`{"underlyingError":"outside"}`, true, map[Field]string{ChannelMessage: outside}},
		"underlying null":   {`{"underlyingError":null}`, true, nil},
		"underlying code":   {`{"underlyingError":{"code":470}}`, true, map[Field]string{ChannelCode: "470"}},
		"underlying list":   {`{"underlyingError":[{"code":470},{"code":471}]}`, true, map[Field]string{ChannelCode: "470"}},
		"WhatsApp":          {`{"underlyingError":{"errors":[{"code":470,"title":"outside"},{"code":471}]}}`, true, map[Field]string{ChannelCode: "470", ChannelTitle: outside}},
		"WhatsApp, details": {`{"underlyingError":{"errors":[{"error_data":{"details":"outside"}}]}}`, true, map[Field]string{ChannelDetails: outside}},
		"Graph API":         {`{"underlyingError":{"error":{"code":190,"message":"outside"}}}`, true, map[Field]string{ChannelCode: "190", ChannelMessage: outside}},
		"Telegram":          {`{"underlyingError":{"error_code":403,"description":"outside"}}`, true, map[Field]string{ChannelCode: "403", ChannelMessage: outside}},
		"WeChat":            {`{"underlyingError":{"errcode":45015,"errmsg":"outside"}}`, true, map[Field]string{ChannelCode: "45015", ChannelMessage: outside}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, body := range []string{
				`{"events":[{"id":"1","type":"t","payload":{"error":` + test.json + `}}]}`,
				`{"trigger":"t","error":` + test.json + `}`,
			} {
				e := &parse(t, body).Events[0]
				require.Equal(t, test.failed, e.Failed)
				for field := ErrorCode; field < fieldCount; field++ {
					require.Equal(t, test.want[field], e.Get(field), "field %d", field)
				}
			}
		})
	}
}
