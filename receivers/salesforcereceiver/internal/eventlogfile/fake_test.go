// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

const (
	account = "00D5e000000AbCdEAE"
	user    = "0055e000000Zd01"
)

// start is when the tests begin; the files are about the day before.
var (
	start = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	day   = time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
)

// orgFile is a file of the org.
type orgFile struct {
	File
	content string
	// err is answered instead of the file; tail ends the content instead of io.EOF.
	err, tail error
	html      bool
	reads     int
	// opened is called when the file is asked for, before it is answered.
	opened func()
}

// org is a Salesforce org.
type org struct {
	t             testing.TB
	now           time.Time
	files         []*orgFile
	withoutHourly bool
	queryErr      error
	queries       []string
	pageSize      int
}

func statusError(code int, body string) error {
	return &apiclient.StatusError{Code: code, Header: http.Header{}, Body: []byte(body)}
}

// add adds a file of a day, or of one of its hours.
func (o *org) add(name source, hour int, created time.Time, rows ...string) *orgFile {
	eventType, interval, _ := strings.Cut(string(name), "/")
	f := &orgFile{File: File{
		ID: fmt.Sprintf("0AT5e00000%05d", len(o.files)+1), Interval: Interval(interval), LogDate: day.Add(time.Duration(hour) * time.Hour), Created: created,
	}}
	f.Type = types[slices.IndexFunc(types[:], func(known callrow.Type) bool { return string(known) == eventType })]
	if f.Interval == Hourly {
		f.Sequence = 1
	}
	f.content = headers[eventType] + strings.Join(rows, "")
	o.files = append(o.files, f)
	return f
}

// Do answers what the poller asks.
func (o *org) Do(ctx context.Context, request apiclient.Request) (*apiclient.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if id, ok := strings.CutPrefix(request.Path, "/services/data/v66.0/sobjects/EventLogFile/"); ok {
		return o.logFile(strings.TrimSuffix(id, "/LogFile"))
	}
	require.True(o.t, strings.HasPrefix(request.Path, "/services/data/v66.0/query"), request.Path)
	return o.query(request)
}

func (o *org) logFile(id string) (*apiclient.Response, error) {
	i := slices.IndexFunc(o.files, func(f *orgFile) bool { return f.ID == id })
	require.GreaterOrEqual(o.t, i, 0)
	f := o.files[i]
	f.reads++
	if f.opened != nil {
		f.opened()
	}
	if f.err != nil {
		return nil, f.err
	}
	header := http.Header{"Content-Type": {"text/csv"}}
	if f.html {
		header.Set("Content-Type", "text/html; charset=utf-8")
	}
	var in io.Reader = strings.NewReader(f.content)
	if f.tail != nil {
		in = io.MultiReader(in, &failingReader{f.tail})
	}
	return &apiclient.Response{Code: http.StatusOK, Header: header, Body: io.NopCloser(in)}, nil
}

type failingReader struct{ err error }

func (r *failingReader) Read([]byte) (int, error) { return 0, r.err }

func (o *org) query(request apiclient.Request) (*apiclient.Response, error) {
	if o.queryErr != nil {
		return nil, o.queryErr
	}
	text, offset := request.Query.Get("q"), 0
	if next, ok := strings.CutPrefix(request.Path, "/services/data/v66.0/query/"); ok {
		_, err := fmt.Sscanf(next, "%d", &offset)
		require.NoError(o.t, err)
		text = o.queries[len(o.queries)-1]
	} else {
		o.queries = append(o.queries, text)
	}
	require.NotContains(o.t, text, "WHERE Id")
	if o.withoutHourly && strings.Contains(text, "Interval") {
		return nil, statusError(http.StatusBadRequest, `[{"message":"No such column 'Interval' on entity 'EventLogFile'","errorCode":"INVALID_FIELD"}]`)
	}
	_, since, ok := strings.Cut(text, "CreatedDate >= ")
	require.True(o.t, ok)
	from, err := time.Parse("2006-01-02T15:04:05.000Z", strings.Fields(since)[0])
	require.NoError(o.t, err)

	var records []map[string]any
	for _, f := range o.listed(text, from) {
		r := map[string]any{
			"attributes": map[string]any{"type": "EventLogFile"},
			"Id":         f.ID, "EventType": f.Type, "LogDate": f.LogDate.Format("2006-01-02T15:04:05.000-0700"), "CreatedDate": f.Created.Format("2006-01-02T15:04:05.000-0700"),
		}
		if strings.Contains(text, "Interval") {
			r["Interval"], r["Sequence"] = f.Interval, f.Sequence
		}
		records = append(records, r)
	}
	answer := map[string]any{"totalSize": len(records), "done": true}
	records = records[min(offset, len(records)):]
	if o.pageSize > 0 && len(records) > o.pageSize {
		records = records[:o.pageSize]
		answer["done"], answer["nextRecordsUrl"] = false, fmt.Sprintf("/services/data/v66.0/query/%d", offset+o.pageSize)
	}
	answer["records"] = records
	body, err := json.Marshal(answer)
	require.NoError(o.t, err)
	return &apiclient.Response{
		Code: http.StatusOK, Header: http.Header{"Date": {o.now.Format(http.TimeFormat)}}, Body: io.NopCloser(strings.NewReader(string(body))),
	}, nil
}

func (o *org) listed(text string, from time.Time) []*orgFile {
	var found []*orgFile
	for _, f := range o.files {
		wanted := o.withoutHourly || strings.Contains(text, "Interval = '"+string(f.Interval)+"'")
		if wanted && !f.Created.Before(from) && !f.Created.After(o.now) {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b *orgFile) int { return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID)) })
	return found
}

// harness is a poller of an org, and what it delivered.
type harness struct {
	t       testing.TB
	org     *org
	store   Store
	poller  *Poller
	taken   []activity.Activity
	batches int
	// failAfter is after how many batches the pipeline takes no more; negative is never.
	failAfter int
	skipped   []string
	read      map[string]Rows
}

var errFull = errors.New("the pipeline is full")

func newHarness(tb testing.TB) *harness {
	tb.Helper()
	store, err := checkpoint.Open(tb.Context(), componenttest.NewNopHost(), nil, receiver.Settings{})
	require.NoError(tb, err)
	h := &harness{t: tb, org: &org{t: tb, now: start}, store: store, failAfter: -1, read: map[string]Rows{}}
	h.restart()
	return h
}

// restart begins a new poller with the same store.
func (h *harness) restart() {
	users, err := ParseUsers([]string{user})
	require.NoError(h.t, err)
	h.poller, err = New(Settings{
		API: h.org, Account: func(context.Context) (string, error) { return account, nil }, Users: users, Store: h.store, Observe: h,
		Now: func() time.Time { return h.org.now },
		Deliver: func(_ context.Context, activities []activity.Activity) error {
			if h.failAfter == 0 {
				return errFull
			}
			h.failAfter--
			h.batches++
			h.taken = append(h.taken, activities...)
			return nil
		},
	})
	require.NoError(h.t, err)
}

func (h *harness) FileRead(_ context.Context, f File, rows Rows) { h.read[f.ID] = rows }
func (h *harness) FileSkipped(_ context.Context, f File, _ error) {
	h.skipped = append(h.skipped, f.ID)
}

func (h *harness) poll() {
	h.t.Helper()
	require.NoError(h.t, h.poller.Poll(h.t.Context()))
}

// requests returns the request ids of what was delivered, in order, and checks that each
// activity came once.
func (h *harness) requests() []string {
	h.t.Helper()
	var requests []string
	ids := map[string]bool{}
	for i := range h.taken {
		a := &h.taken[i]
		require.False(h.t, ids[a.ID], "%s came twice", a.ID)
		ids[a.ID] = true
		for _, kv := range a.Attributes {
			if kv.Key == "salesforce.request.id" {
				requests = append(requests, kv.Value.AsString())
			}
		}
	}
	return requests
}
