// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pushbody

import (
	"bytes"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/identity"
)

// logsAt has a record for each pair of timestamp and observed timestamp.
func logsAt(times ...[2]pcommon.Timestamp) plog.Logs {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	for _, t := range times {
		record := records.AppendEmpty()
		record.SetTimestamp(t[0])
		record.SetObservedTimestamp(t[1])
		record.Body().SetStr(strings.Repeat("text ", 20))
		record.Attributes().PutStr("activity.id", "x")
	}
	return logs
}

func marshal(tb testing.TB, logs plog.Logs, contentType string) []byte {
	tb.Helper()
	request := plogotlp.NewExportRequestFromLogs(logs)
	f := request.MarshalProto
	if contentType == JSONType {
		f = request.MarshalJSON
	}
	body, err := f()
	require.NoError(tb, err)
	return body
}

func compress(tb testing.TB, encoding string, plain []byte) []byte {
	tb.Helper()
	var buffer bytes.Buffer
	var w io.WriteCloser
	switch encoding {
	case "gzip":
		w = gzip.NewWriter(&buffer)
	case "zstd":
		var err error
		w, err = zstd.NewWriter(&buffer)
		require.NoError(tb, err)
	default:
		return plain
	}
	_, err := w.Write(plain)
	require.NoError(tb, err)
	require.NoError(tb, w.Close())
	return buffer.Bytes()
}

func newRequest(tb testing.TB, contentType, encoding string, body []byte) *http.Request {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, "http://loki/otlp/v1/logs", bytes.NewReader(body))
	require.NoError(tb, err)
	req.Header.Set("Content-Type", contentType)
	if encoding != "" {
		req.Header.Set("Content-Encoding", encoding)
	}
	return req
}

func TestReadAndRewrite(t *testing.T) {
	for _, contentType := range []string{ProtobufType, JSONType} {
		for _, encoding := range []string{"", "gzip", "zstd"} {
			logs := logsAt([2]pcommon.Timestamp{5}, [2]pcommon.Timestamp{7})
			plain := marshal(t, logs, contentType)
			req := newRequest(t, contentType, encoding, compress(t, encoding, plain))
			push, err := Read(req)
			require.NoError(t, err)
			assert.Equal(t, plain, push.Plain)

			decoded, err := push.Decode()
			require.NoError(t, err)
			identity.Keep(decoded, func(record plog.LogRecord) bool { return record.Timestamp() == 7 })
			less, err := push.With(decoded)
			require.NoError(t, err)

			again, err := Read(less.Apply(req))
			require.NoError(t, err)
			summary, err := again.Summarize()
			require.NoError(t, err)
			assert.Equal(t, Summary{Records: 1, Oldest: 7}, summary)
			assert.Equal(t, encoding == "", again.Encoding == "")
		}
	}
}

func TestApplyCanBeRepeated(t *testing.T) {
	push := Push{Raw: []byte("body"), Encoding: "gzip"}
	original := newRequest(t, ProtobufType, "", []byte("other"))
	original.Header.Set("Content-Length", "5")
	req := push.Apply(original)
	assert.EqualValues(t, 4, req.ContentLength)
	assert.Equal(t, "gzip", req.Header.Get("Content-Encoding"))
	assert.Empty(t, req.Header.Get("Content-Length"))
	assert.Equal(t, "5", original.Header.Get("Content-Length"), "a round tripper must not change its request")
	for range 2 {
		body, err := req.GetBody()
		require.NoError(t, err)
		content, err := io.ReadAll(body)
		require.NoError(t, err)
		assert.Equal(t, "body", string(content))
	}
}

func TestSummarize(t *testing.T) {
	for name, tc := range map[string]struct {
		logs plog.Logs
		want Summary
	}{
		"empty":                 {plog.NewLogs(), Summary{Oldest: math.MaxUint64}},
		"one":                   {logsAt([2]pcommon.Timestamp{9, 0}), Summary{Records: 1, Oldest: 9}},
		"the oldest counts":     {logsAt([2]pcommon.Timestamp{9}, [2]pcommon.Timestamp{4}, [2]pcommon.Timestamp{6}), Summary{Records: 3, Oldest: 4}},
		"observed stands in":    {logsAt([2]pcommon.Timestamp{9}, [2]pcommon.Timestamp{0, 3}), Summary{Records: 2, Oldest: 3}},
		"observed is secondary": {logsAt([2]pcommon.Timestamp{9, 2}), Summary{Records: 1, Oldest: 9}},
		"no time at all":        {logsAt([2]pcommon.Timestamp{}), Summary{Records: 1, Oldest: math.MaxUint64}},
	} {
		for _, contentType := range []string{ProtobufType, JSONType} {
			got, err := Push{Plain: marshal(t, tc.logs, contentType), Type: contentType}.Summarize()
			require.NoError(t, err, name)
			assert.Equal(t, tc.want, got, "%s as %s", name, contentType)
		}
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	for name, req := range map[string]*http.Request{
		"lz4, which the exporter may choose": newRequest(t, ProtobufType, "lz4", []byte("x")),
		"no gzip":                            newRequest(t, ProtobufType, "gzip", []byte("x")),
		"gzip that ends early":               newRequest(t, ProtobufType, "gzip", compress(t, "gzip", make([]byte, 9000))[:20]),
		"no zstd":                            newRequest(t, ProtobufType, "zstd", []byte("x")),
	} {
		_, err := Read(req)
		require.Error(t, err, name)
	}
	_, err := Read(newRequest(t, ProtobufType, "lz4", nil))
	require.ErrorContains(t, err, "set compression to gzip, zstd or none")

	push, err := Read(newRequest(t, "text/plain", "", []byte("x")))
	require.NoError(t, err)
	_, err = push.Summarize()
	require.ErrorIs(t, err, ErrContentType)
	_, err = Push{Plain: []byte("\x0a\xff"), Type: ProtobufType}.Summarize()
	require.ErrorIs(t, err, errMalformed)
}

func TestABodyThatInflatesWithoutEndIsCutOff(t *testing.T) {
	if testing.Short() {
		t.Skip("inflates 256 MiB")
	}
	_, err := Read(newRequest(t, ProtobufType, "gzip", compress(t, "gzip", make([]byte, maxSize+1))))
	require.ErrorIs(t, err, errTooLarge)
}

func FuzzSummarize(f *testing.F) {
	f.Add(marshal(f, logsAt([2]pcommon.Timestamp{9, 1}, [2]pcommon.Timestamp{0, 3}), ProtobufType))
	f.Fuzz(func(t *testing.T, body []byte) {
		push := Push{Plain: body, Type: ProtobufType}
		summary, err := push.Summarize()
		logs, decodeErr := push.Decode()
		if err != nil || decodeErr != nil {
			return
		}
		// What decides whether a push is sent and looked up must agree with its records.
		oldest, records := pcommon.Timestamp(math.MaxUint64), 0
		identity.Each(logs, func(record plog.LogRecord) {
			records++
			if at := identity.Time(record); at != 0 {
				oldest = min(oldest, at)
			}
		})
		require.Equal(t, Summary{Records: records, Oldest: oldest}, summary)
	})
}

func BenchmarkPush(b *testing.B) {
	times := make([][2]pcommon.Timestamp, 1000)
	for i := range times {
		times[i][0] = pcommon.Timestamp(i + 1)
	}
	plain := marshal(b, logsAt(times...), ProtobufType)
	push := Push{Plain: plain, Type: ProtobufType}
	packed := compress(b, "gzip", plain)
	for name, f := range map[string]func() error{
		"summarize": func() error { _, err := push.Summarize(); return err },
		"decode":    func() error { _, err := push.Decode(); return err },
		"gunzip":    func() error { _, err := gunzip(packed); return err },
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
