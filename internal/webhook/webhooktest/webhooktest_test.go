// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest

import (
	"bytes"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
)

const order = `{"id":"1","type":"order","note":"canary"}`

func TestReplyTable(t *testing.T) {
	requests := map[Case]Request{
		Accepted:    fakeRequest(order),
		Filtered:    fakeRequest(`{"id":"1","type":"unwanted"}`),
		UnknownType: fakeRequest(`{"id":"1","type":"strange"}`),
		Malformed:   fakeRequest(order[1:]),
		WrongSecret: fakeRequest(order).With("Authorization", "Bearer another"),
		NoSecret:    fakeRequest(order).With("Authorization"),
	}
	ReplyTable{New: subject, Requests: requests, Want: map[Case]int{
		Accepted: 200, Duplicate: 200, Filtered: 200, UnknownType: 200, Malformed: 400, WrongSecret: 401, NoSecret: 401,
		MediaType: 415, TooLarge: 413, NotRunning: 503, ForNow: 503, ForGood: 400, Deadline: 503,
	}}.Check(t)
	require.Len(t, requests, 6, "the caller's requests are left alone")
}

func TestCanaries(t *testing.T) {
	Canaries{
		New:      subject,
		Requests: map[string]Request{"one": fakeRequest(order), "another": fakeRequest(`{"id":"2","type":"order","note":"canary"}`)},
		Forge:    func(q Request) Request { return q.With("Authorization", "Bearer another-canary") },
		Mark:     regexp.MustCompile("canary"),
		ForGood:  http.StatusBadRequest,
		Records:  2,
		Endings: map[string]Ending{
			"unwanted": {Change: func(Request) Request { return fakeRequest(`{"type":"unwanted"}`) }, Code: http.StatusOK},
		},
	}.Check(t)
}

func TestConsumeContract(t *testing.T) {
	CheckConsumeContract(t, subject(t), func(number string) Activity {
		return Activity{Request: fakeRequest(`{"id":"` + number + `","type":"order"}`), ID: number}
	}, http.StatusBadRequest)
}

func TestWith(t *testing.T) {
	q := Request{Header: http.Header{"content-type": {"a"}, "Content-Type": {"b"}, "X": {"c"}}, Body: []byte("d")}
	require.Equal(t, http.Header{"Content-Type": {"e", "f"}, "X": {"c"}}, q.With("content-Type", "e", "f").Header)
	require.Equal(t, http.Header{"X": {"c"}}, q.With("Content-Type").Header)
	require.Equal(t, "d", string(q.With("X").Body))
	require.Len(t, q.Header, 3, "it was copied")
}

func TestExchange(t *testing.T) {
	r := Start(t, subject(t), nil)
	q := fakeRequest(order)
	require.Equal(t, http.StatusOK, r.Exchange(t, q, int64(len(q.Body))))
	require.Equal(t, http.StatusOK, r.Exchange(t, q, -1))
	require.Equal(t, http.StatusBadRequest, r.Exchange(t, q, int64(len(q.Body))+1), "it ends early")
	large := Request{Header: q.Header, Body: bytes.Repeat([]byte(" "), 21<<20)}
	require.Equal(t, http.StatusRequestEntityTooLarge, r.Exchange(t, large, -1))
	q.Body = Gzip(t, q.Body)
	require.Equal(t, http.StatusOK, r.Exchange(t, q.With("Content-Encoding", "gzip"), -1))
	require.Equal(t, 1, r.Sink.LogRecordCount())
}

func TestSum(t *testing.T) {
	r := Start(t, subject(t), nil)
	const rejected = "otelcol_webhook_rejected_requests"
	require.Zero(t, r.Sum(t, rejected), "nothing was counted yet")
	r.Post(t, fakeRequest(order).With("Authorization"))
	r.Post(t, fakeRequest("{"))
	r.Post(t, fakeRequest("{"))
	require.EqualValues(t, 3, r.Sum(t, rejected))
	require.EqualValues(t, 2, r.Sum(t, rejected, attribute.String("reason", "malformed")))
	require.Zero(t, r.Sum(t, rejected, attribute.String("reason", "malformed"), attribute.String("receiver", "another")))
	require.Zero(t, r.Sum(t, rejected, attribute.String("nothing", "malformed")))
	require.Contains(t, r.Said(t), rejected)
	require.Contains(t, r.Said(t), "could not be understood")
}

func TestRequireMarked(t *testing.T) {
	names, mark := regexp.MustCompile("^(email|phone)$"), regexp.MustCompile("canary")
	body := `{"email":"canary@x","a":[{"phone":"canary"},{"email":null,"phones":"1"}],"phone":1}`
	require.Equal(t, 2, RequireMarked(t, []byte(body), names, mark))
	require.True(t, fails(t, func(tb testing.TB) {
		tb.Helper()
		RequireMarked(tb, []byte(`{"a":[{"email":"jane@x"}]}`), names, mark)
	}))
}

func TestRequireValid(t *testing.T) {
	r := Start(t, subject(t), nil)
	require.Equal(t, http.StatusOK, r.Post(t, fakeRequest(order)).Code)
	logs := r.Sink.AllLogs()[0]
	RequireValid(t, logs, "product", "activity.id")

	for name, invalid := range map[string]func(plog.LogRecord) []string{
		"no attribute": func(plog.LogRecord) []string { return []string{"shopify.topic"} },
		"no text":      func(record plog.LogRecord) []string { record.Body().SetStr(""); return nil },
		"no UTF-8":     func(record plog.LogRecord) []string { record.Body().SetStr("\xff"); return nil },
		"very long": func(record plog.LogRecord) []string {
			record.Attributes().PutStr("a", string(make([]byte, longest+1)))
			return nil
		},
		"empty":             func(record plog.LogRecord) []string { record.Attributes().PutStr("a", ""); return nil },
		"time out of range": func(record plog.LogRecord) []string { record.SetTimestamp(1 << 63); return nil },
	} {
		t.Run(name, func(t *testing.T) {
			changed := plog.NewLogs()
			logs.CopyTo(changed)
			keys := invalid(Records(changed)[0])
			require.True(t, fails(t, func(tb testing.TB) { tb.Helper(); RequireValid(tb, changed, keys...) }))
		})
	}
	require.True(t, fails(t, func(tb testing.TB) { tb.Helper(); RequireValid(tb, plog.NewLogs()) }))
}

// failing notes that a test has failed, and does not fail itself.
type failing struct {
	testing.TB

	failed bool
}

func (f *failing) Errorf(string, ...any) { f.failed = true }

// FailNow ends the check.
func (f *failing) FailNow() { panic(f) }

// fails tells whether a check fails.
func fails(t *testing.T, check func(testing.TB)) (failed bool) {
	t.Helper()
	f := &failing{TB: t}
	defer func() {
		if reason := recover(); reason != nil && reason != any(f) {
			panic(reason)
		}
		failed = f.failed
	}()
	check(f)
	return f.failed
}
