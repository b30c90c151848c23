// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package verdict

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

func lokiStatus(t *testing.T, message string) []byte {
	t.Helper()
	body, err := proto.Marshal(&status.Status{Message: message})
	require.NoError(t, err)
	return body
}

func partial(t *testing.T, rejected int64) []byte {
	t.Helper()
	response := plogotlp.NewExportResponse()
	response.PartialSuccess().SetRejectedLogRecords(rejected)
	body, err := response.MarshalProto()
	require.NoError(t, err)
	return body
}

func TestJudge(t *testing.T) {
	const page = "<!DOCTYPE html><html><body>Please log in</body></html>"
	for _, tc := range []struct {
		name        string
		code        int
		contentType string
		body        []byte
		push        string
		want        Verdict
	}{
		{name: "Loki has it", code: 204, want: Stored},
		{name: "OTLP endpoint has it", code: 200, contentType: protobufType, want: Stored},
		{name: "OTLP endpoint has it, with parameters", code: 200, contentType: protobufType + "; charset=utf-8", want: Stored},
		{name: "OTLP endpoint has a part of it", code: 200, contentType: protobufType, body: partial(t, 3), want: Refused},
		{name: "OTLP endpoint warns", code: 200, contentType: protobufType, body: partial(t, 0), want: Stored},
		{name: "no OTLP response", code: 200, contentType: protobufType, body: []byte("garbage"), want: Later},
		{name: "JSON endpoint has it", code: 200, contentType: jsonType, body: []byte(`{"partialSuccess":{}}`), push: jsonType, want: Stored},
		{name: "JSON endpoint has a part of it", code: 200, contentType: jsonType, body: []byte(`{"partialSuccess":{"rejectedLogRecords":"2"}}`), push: jsonType, want: Refused},
		{name: "another JSON", code: 200, contentType: jsonType, body: []byte(`{"error":"log in"}`), push: jsonType, want: Later},
		{name: "no JSON", code: 200, contentType: jsonType, body: []byte(`log in`), push: jsonType, want: Later},
		{name: "JSON for a protobuf push", code: 200, contentType: jsonType, body: []byte(`{}`), want: Later},
		{name: "login page", code: 200, contentType: "text/html", body: []byte(page), want: Later},
		{name: "200 of nobody", code: 200, want: Later},
		{name: "text push", code: 200, contentType: "text/plain", push: "text/plain", want: Later},
		{name: "block_ingestion", code: 260, body: lokiStatus(t, "blocked"), want: Later},
		{name: "Loki refuses", code: 400, contentType: "application/octet-stream", body: lokiStatus(t, "has timestamp too old"), want: Refused},
		{name: "Loki refuses without streams", code: 422, body: lokiStatus(t, "at least one valid stream"), want: Refused},
		{name: "400 without a word", code: 400, want: Refused},
		{name: "400 in plain text", code: 400, contentType: "text/plain", body: []byte("no org id"), want: Refused},
		{name: "a proxy's 400", code: 400, contentType: "text/html; charset=utf-8", body: []byte("plain HTTP was sent to HTTPS port"), want: Later},
		{name: "a proxy's 400 without a type", code: 400, body: []byte(page), want: Later},
		{name: "too large for a proxy", code: 413, want: Later},
		{name: "login needed", code: 401, want: Later},
		{name: "redirect", code: 302, want: Later},
		{name: "rate limit", code: 429, want: Later},
		{name: "panic", code: 500, want: Later},
	} {
		t.Run(tc.name, func(t *testing.T) {
			header := http.Header{}
			if tc.contentType != "" {
				header.Set("Content-Type", tc.contentType)
			}
			push := tc.push
			if push == "" {
				push = protobufType
			}
			assert.Equal(t, tc.want, Judge(tc.code, header, tc.body, push))
		})
	}
}

func TestMaybeStored(t *testing.T) {
	for _, code := range []int{301, 302, 307, 308, 401, 403, 404, 405, 407, 411, 413, 414, 415, 421, 426, 431} {
		assert.False(t, MaybeStored(code), code)
	}
	for _, code := range []int{100, 200, 202, 260, 408, 409, 418, 425, 429, 499, 500, 501, 502, 503, 504, 520} {
		assert.True(t, MaybeStored(code), code)
	}
}

func TestReason(t *testing.T) {
	assert.Equal(t, "too old", Reason(&http.Response{}, lokiStatus(t, "too old")))
	assert.Equal(t, "no org id", Reason(&http.Response{}, []byte("no org id\n")))
	assert.Empty(t, Reason(&http.Response{}, nil))
	assert.Empty(t, Reason(&http.Response{}, []byte{0x00, 0xff, 0x01, 0xfe}))
	long := Reason(&http.Response{}, lokiStatus(t, strings.Repeat("é", 5000)))
	assert.LessOrEqual(t, len(long), 4096)
	assert.True(t, strings.HasSuffix(long, "é…"), "cut between runes")
	hostile := "Bearer t0k3n-of\u200b-loki\nis\u009b2J not \u202eknown"
	request := &http.Request{Header: http.Header{"Authorization": {"Bearer t0k3n-of-loki"}}}
	assert.Equal(t, "**** **** is 2J not known", Reason(&http.Response{Request: request}, []byte(hostile)))
	assert.Equal(t, "**** **** is 2J not known", Reason(&http.Response{Request: request}, lokiStatus(t, hostile)))
}

func FuzzJudge(f *testing.F) {
	f.Add(200, protobufType, []byte{0x0a, 0x02, 0x08, 0x01}, false)
	f.Add(200, jsonType, []byte(`{"partialSuccess":{"rejectedLogRecords":"1"}}`), true)
	f.Add(400, "text/html", []byte("<html>"), false)
	f.Fuzz(func(t *testing.T, code int, contentType string, body []byte, asJSON bool) {
		push := protobufType
		if asJSON {
			push = jsonType
		}
		got := Judge(code, http.Header{"Content-Type": {contentType}}, body, push)
		switch got {
		case Stored:
			require.Contains(t, []int{200, 204}, code)
		case Refused:
			require.Contains(t, []int{200, 400, 422}, code)
		}
		require.LessOrEqual(t, len(Reason(&http.Response{}, body)), 4096)
	})
}
