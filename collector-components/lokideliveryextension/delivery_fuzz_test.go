// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// roundTripper is a connection whose other end a test decides.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// wrap returns the extension's transport before another one.
func wrap(tb testing.TB, next http.RoundTripper) (transport http.RoundTripper, deadLetters string) {
	tb.Helper()
	deadLetters = tb.TempDir()
	ext := newDelivery(tb, componenttest.NewNopTelemetrySettings(), deadLetters, nil)
	require.NoError(tb, ext.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, ext.Shutdown(context.WithoutCancel(tb.Context()))) })
	wrapper, err := ext.(extensionmiddleware.HTTPClient).GetHTTPRoundTripper(tb.Context())
	require.NoError(tb, err)
	transport, err = wrapper(tb.Context(), next)
	require.NoError(tb, err)
	return transport, deadLetters
}

func pushRequest(tb testing.TB, contentType, encoding string, body []byte) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, "http://loki.test:3100/otlp/v1/logs", bytes.NewReader(body))
	require.NoError(tb, err)
	r.Header.Set("Content-Type", contentType)
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	return r
}

func reply(r *http.Request, code int, contentType string, body []byte) *http.Response {
	return &http.Response{
		StatusCode: code, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {contentType}}, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}

// drops tells whether the exporter would give up a push that is answered so.
func drops(code int) bool {
	switch code {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return false
	default:
		return code < 200 || code > 299
	}
}

// Whatever the answer: records that are not stored are sent again, or are in the
// dead-letter file.
func FuzzAnswer(f *testing.F) {
	f.Add(204, "", []byte{})
	f.Add(200, "text/html", []byte(page))
	f.Add(200, "application/x-protobuf", []byte{})
	f.Add(200, "application/json", []byte(`{"partialSuccess":{"rejectedLogRecords":"1"}}`))
	f.Add(400, "application/octet-stream", []byte("\x12\x03bad"))
	f.Add(400, "text/html", []byte(page))
	f.Add(422, "", []byte("at least one valid stream is required"))
	f.Add(413, "text/plain", []byte("too large"))
	f.Add(500, "", []byte{})
	f.Add(302, "text/html; charset=\xff", []byte{0xff})
	all := entries("young", 3, afterItsStart())
	body, err := plogotlp.NewExportRequestFromLogs(logsOf(all...)).MarshalProto()
	require.NoError(f, err)

	f.Fuzz(func(t *testing.T, code int, contentType string, answer []byte) {
		if code < 200 || code > 999 || strings.ContainsAny(contentType, "\r\n") {
			return // no answer that net/http would pass on
		}
		transport, deadLetters := wrap(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/query_range") {
				return reply(r, http.StatusOK, "application/json", []byte(`{"status":"success","data":{"resultType":"streams","result":[]}}`)), nil
			}
			return reply(r, code, contentType, answer), nil
		}))
		response, err := transport.RoundTrip(pushRequest(t, "application/x-protobuf", "", body))
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())

		setAside := len(inDeadLetters(t, deadLetters)) == len(all)
		switch {
		case drops(response.StatusCode):
			require.True(t, setAside, "%d became %d, and the records are gone", code, response.StatusCode)
		case response.StatusCode <= 299:
			isOTLP := code == http.StatusOK && plogotlp.NewExportResponse().UnmarshalProto(answer) == nil
			require.True(t, setAside || code == http.StatusNoContent || isOTLP, "%d is no success", code)
			if code == http.StatusOK && response.Header.Get("Content-Type") == "application/x-protobuf" {
				require.NoError(t, plogotlp.NewExportResponse().UnmarshalProto(text), "the exporter drops records if it cannot read this")
			}
		default:
			require.False(t, setAside, "in the file and in the queue")
		}
	})
}

// Whatever is pushed: it arrives unchanged, and nothing panics.
func FuzzPush(f *testing.F) {
	good, err := plogotlp.NewExportRequestFromLogs(logsOf(entries("young", 3, afterItsStart())...)).MarshalProto()
	require.NoError(f, err)
	f.Add("application/x-protobuf", "", good)
	f.Add("application/x-protobuf", "", good[:len(good)-1])
	f.Add("application/x-protobuf", "gzip", []byte("\x1f\x8b\x08"))
	f.Add("application/x-protobuf", "zstd", []byte("\x28\xb5\x2f\xfd"))
	f.Add("application/json", "", []byte(`{"resourceLogs":[{}]}`))
	f.Add("application/json", "", []byte(`{"resourceLogs":`))
	f.Add("text/plain", "br", []byte("x"))
	f.Add("", "", []byte{})
	f.Fuzz(func(t *testing.T, contentType, encoding string, body []byte) {
		var arrived []byte
		transport, _ := wrap(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/query_range") {
				return reply(r, http.StatusOK, "application/json", []byte(`{"status":"success","data":{"resultType":"streams","result":[]}}`)), nil
			}
			var err error
			arrived, err = io.ReadAll(r.Body)
			require.NoError(t, err)
			require.Equal(t, int64(len(arrived)), max(r.ContentLength, 0))
			return reply(r, http.StatusNoContent, "", nil), nil
		}))
		response, err := transport.RoundTrip(pushRequest(t, contentType, encoding, body))
		if err != nil {
			return
		}
		require.NoError(t, response.Body.Close())
		if response.StatusCode == http.StatusNoContent && arrived != nil {
			// A repetition within the push may have been taken out.
			require.LessOrEqual(t, len(arrived), len(body)+64)
		}
	})
}

// Whatever a query is answered with: records in doubt are only sent if it was an answer.
func FuzzQueryAnswer(f *testing.F) {
	old := entries("old", 2, time.Unix(1_700_000_000, 5))
	body, err := plogotlp.NewExportRequestFromLogs(logsOf(old...)).MarshalProto()
	require.NoError(f, err)
	f.Add(200, []byte(`{"status":"success","data":{"resultType":"streams","result":[]}}`))
	f.Add(200, []byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{"product":"shopify","activity_id":"old-0"},"values":[["1700000000000000005",""]]}]}}`))
	f.Add(200, []byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[[]]}]}}`))
	f.Add(200, []byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[[1,2]]}]}}`))
	f.Add(200, []byte(`{"status":"success","data":{"resultType":"streams","result":[{"stream":{},"values":[["x","y"]]}]}}`))
	f.Add(200, []byte(`{"status":"success","data":{"resultType":"matrix","result":[]}}`))
	f.Add(200, []byte(`{"status":"success"}`))
	f.Add(200, []byte(`null`))
	f.Add(200, []byte(page))
	f.Add(404, []byte("404 page not found"))
	f.Add(204, []byte{})
	f.Fuzz(func(t *testing.T, code int, answer []byte) {
		if code < 200 || code > 999 {
			return
		}
		pushed := false
		transport, _ := wrap(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			if strings.HasSuffix(r.URL.Path, "/query_range") {
				return reply(r, code, "application/json", answer), nil
			}
			pushed = true
			return reply(r, http.StatusNoContent, "", nil), nil
		}))
		response, err := transport.RoundTrip(pushRequest(t, "application/x-protobuf", "", body))
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		if !bytes.Contains(answer, []byte(`streams`)) && !bytes.Contains(answer, []byte(`\u`)) || code != http.StatusOK {
			require.False(t, pushed, "sent after a query that was not answered")
			require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
		}
	})
}
