// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soql

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/apiclient"
)

type row struct {
	ID string `json:"Id"`
}

// pages answers each path with its page.
type pages map[string]string

func (p pages) Do(_ context.Context, request apiclient.Request) (*apiclient.Response, error) {
	body, ok := p[request.Path]
	if !ok {
		return nil, &apiclient.StatusError{Code: http.StatusNotFound}
	}
	header := http.Header{"Date": {"Thu, 26 Nov 2026 12:00:00 GMT"}}
	return &apiclient.Response{Code: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
}

const first = "/services/data/v66.0/query"

func ids(rows Rows[row]) []string {
	var all []string
	for _, r := range rows.Records {
		all = append(all, r.ID)
	}
	return all
}

func TestQuery(t *testing.T) {
	api := pages{
		first:                 `{"totalSize":3,"done":false,"nextRecordsUrl":"` + first + `/01g5e-2000","records":[{"attributes":{"type":"X"},"Id":"a"},{"Id":"b"}]}`,
		first + "/01g5e-2000": `{"totalSize":3,"done":true,"records":[{"Id":"c"}]}`,
	}
	rows, err := Query[row](t.Context(), Querier{api, "v66.0"}, "SELECT Id FROM X")
	require.NoError(t, err)
	require.Equal(t, []string{"a", "b", "c"}, ids(rows))
	require.True(t, rows.Complete)
	require.Equal(t, time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC), rows.ServerTime)
}

// TestForeignPage: a next page is asked for below the query only.
func TestForeignPage(t *testing.T) {
	for _, next := range []string{"https://evil.example/query/1", "//evil.example/", first, "/services/data/v66.0/sobjects/User", "query/1", ""} {
		api := pages{first: `{"done":false,"nextRecordsUrl":"` + next + `","records":[]}`, next: `{"done":true}`}
		api[first] = `{"done":false,"nextRecordsUrl":"` + next + `","records":[]}`
		_, err := Query[row](t.Context(), Querier{api, "v66.0"}, "q")
		require.ErrorIs(t, err, ErrAnswer, next)
	}
}

// TestEndless: pages without end do not keep the poll.
func TestEndless(t *testing.T) {
	api := pages{first + "/1": `{"done":false,"nextRecordsUrl":"` + first + `/1","records":[{"Id":"a"}]}`}
	api[first] = api[first+"/1"]
	rows, err := Query[row](t.Context(), Querier{api, "v66.0"}, "q")
	require.NoError(t, err)
	require.Len(t, rows.Records, maxPages)
	require.False(t, rows.Complete)
}

func TestBadAnswers(t *testing.T) {
	for _, body := range []string{"", "<html>canary", "[]", "{}", `{"done":"canary"}`, `{"done":true,"records":{}}`, `{"done":true,"records":[{"Id":7}]}`, `{"done":true`} {
		_, err := Query[row](t.Context(), Querier{pages{first: body}, "v66.0"}, "q")
		require.ErrorIs(t, err, ErrAnswer, body)
		require.NotContains(t, err.Error(), "canary")
	}
}

type failing struct{ err error }

func (f failing) Do(context.Context, apiclient.Request) (*apiclient.Response, error) {
	if _, ok := errors.AsType[*apiclient.StatusError](f.err); ok {
		return nil, f.err
	}
	return &apiclient.Response{Body: io.NopCloser(iotest.ErrReader(f.err))}, nil
}

func TestErrors(t *testing.T) {
	refused := func(code int, after time.Duration, body string) error {
		return &apiclient.StatusError{Code: code, RetryAfter: after, Body: []byte(body)}
	}
	tests := map[string]struct {
		err    error
		code   string
		delay  time.Duration
		reason string
	}{
		"limit":              {refused(403, 0, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`), "REQUEST_LIMIT_EXCEEDED", 15 * time.Minute, "rate_limit"},
		"limit, and told":    {refused(403, time.Hour, `[{"errorCode":"REQUEST_LIMIT_EXCEEDED"}]`), "REQUEST_LIMIT_EXCEEDED", time.Hour, "rate_limit"},
		"field":              {refused(400, 0, `[{"message":"No such column 'Interval'","errorCode":"INVALID_FIELD","fields":[]}]`), "INVALID_FIELD", 0, "request"},
		"denied":             {refused(403, 0, `[{"errorCode":"API_DISABLED_FOR_ORG"}]`), "API_DISABLED_FOR_ORG", 0, "authorization"},
		"no reason":          {refused(503, 7*time.Second, `<html>`), "", 7 * time.Second, "remote"},
		"a reason, no code":  {refused(400, 0, `[{"errorCode":"canary canary"}]`), "", 0, "request"},
		"an object, no list": {refused(400, 0, `{"error":"canary"}`), "", 0, "request"},
		"an empty list":      {refused(400, 0, `[]`), "", 0, "request"},
		"a code too long":    {refused(400, 0, `[{"errorCode":"`+strings.Repeat("A", 65)+`"}]`), "", 0, "request"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Query[row](t.Context(), Querier{failing{test.err}, "v66.0"}, "q")
			var told *Error
			require.Equal(t, test.code != "", errors.As(err, &told))
			if told != nil {
				require.Equal(t, test.code, told.Code)
				require.Contains(t, err.Error(), test.code)
			}
			var waiting interface {
				Delay() time.Duration
				Reason() string
			}
			require.ErrorAs(t, err, &waiting)
			require.Equal(t, test.delay, waiting.Delay())
			require.Equal(t, test.reason, waiting.Reason())
			require.NotContains(t, err.Error(), "canary")
		})
	}
	broken := errors.New("connection reset")
	_, err := Query[row](t.Context(), Querier{failing{broken}, "v66.0"}, "q")
	require.ErrorIs(t, err, broken)

	require.True(t, IsGone(Classify(refused(404, 0, `[{"errorCode":"NOT_FOUND"}]`))))
	require.True(t, IsGone(refused(410, 0, ``)))
	require.False(t, IsGone(refused(403, 0, ``)))
	require.False(t, IsGone(broken))
	var told *Error
	require.ErrorAs(t, Classify(refused(400, 0, `[{"message":"No such column 'Interval'","errorCode":"INVALID_FIELD"}]`)), &told)
	require.True(t, told.Mentions("Interval"))
}

func TestTimes(t *testing.T) {
	want := time.Date(2026, 6, 30, 1, 0, 0, 0, time.UTC)
	for _, text := range []string{"2026-06-30T01:00:00.000+0000", "2026-06-30T01:00:00+0000", "2026-06-30T01:00:00Z", "2026-06-30T03:00:00.000+02:00", "2026-06-30T03:00:00.000+0200"} {
		require.Equal(t, want, ParseTime(text), text)
	}
	for _, text := range []string{"", "2026-06-30", "today"} {
		require.Zero(t, ParseTime(text))
	}
	require.Equal(t, "2026-06-30T01:00:00.007Z", Literal(want.Add(7*time.Millisecond).In(time.FixedZone("", 3600))))
}

// FuzzAnswer: whatever is answered, the rows are those of a query, or there is an error.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"totalSize":1,"done":true,"records":[{"attributes":{"type":"EventLogFile"},"Id":"0AT5e0000000001","Sequence":1.0}]}`)
	f.Add(`{"done":false,"nextRecordsUrl":"/services/data/v66.0/query/01g-2000","records":[]}`)
	f.Add(`[{"message":"canary","errorCode":"INVALID_FIELD"}]`)
	f.Fuzz(func(t *testing.T, body string) {
		api := pages{first: body, first + "/01g-2000": `{"done":true}`}
		rows, err := Query[row](t.Context(), Querier{api, "v66.0"}, "q")
		if err != nil {
			require.Empty(t, rows.Records)
			return
		}
		require.True(t, rows.Complete)

		err = Classify(&apiclient.StatusError{Code: 400, Body: []byte(body)})
		if told, ok := errors.AsType[*Error](err); ok {
			require.Regexp(t, `^[A-Z0-9_]{1,64}$`, told.Code)
		}
	})
}
