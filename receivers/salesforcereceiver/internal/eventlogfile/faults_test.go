// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/logcsv"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
)

// TestYoungFile: a file that may still be written waits, by Salesforce's own clock.
func TestYoungFile(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Hourly", 10, start.Add(-DefaultSettle).Add(time.Second), restRow("TID:a", 10, 0))
	h.org.now = start
	h.poll()
	require.Empty(t, h.taken)
	h.org.now = start.Add(time.Second)
	h.poll()
	require.Len(t, h.taken, 1)
}

// TestClockAhead: this machine's clock plays no part in whether a file is finished.
func TestClockAhead(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Hourly", 10, start.Add(-time.Minute), restRow("TID:a", 10, 0))
	h.poller.settings.Now = func() time.Time { return start.Add(3 * time.Hour) }
	h.poll()
	require.Empty(t, h.taken)
}

// TestUnreadable: a file that cannot be read is tried for an hour, holds up its own source
// only, and is then skipped.
func TestUnreadable(t *testing.T) {
	tests := map[string]struct {
		spoil  func(f *orgFile)
		reason string
	}{
		"gone":            {func(f *orgFile) { f.err = statusError(http.StatusNotFound, "") }, "404 Not Found"},
		"without columns": {func(f *orgFile) { f.content = `"EVENT_TYPE","TIMESTAMP","METHOD"` + "\n" }, "USER_ID or USER_ID_DERIVED, STATUS_CODE or REQUEST_STATUS"},
		"cut off":         {func(f *orgFile) { f.content = headers["RestApi"] + `"RestApi","2026` }, "ends within a row"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHarness(t)
			bad := h.org.add("RestApi/Hourly", 9, start.Add(-3*time.Hour))
			h.org.add("RestApi/Hourly", 10, start.Add(-2*time.Hour), restRow("TID:next", 10, 0))
			h.org.add("BulkApi2/Daily", 0, start.Add(-2*time.Hour), csv("BulkApi2", at(9, 0), "TID:bulk", user, "7505e00000AbCdE", "JobComplete", "insert", "Contact", "3", "10"))
			h.org.add("ApiTotalUsage/Daily", 0, start.Add(-10*time.Hour), usageRow("TID:next", "REST", 10, 0), usageRow("TID:nine", "REST", 9, 0), usageRow("TID:soap", "SOAP", 9, 0))
			test.spoil(bad)
			for range 3 {
				err := h.poller.Poll(t.Context())
				require.ErrorContains(t, err, test.reason)
				require.ErrorContains(t, err, bad.ID)
				h.restart()
			}
			require.Equal(t, []string{"TID:bulk"}, h.requests(), "ApiTotalUsage must not take the place of RestApi")
			require.Equal(t, 3, bad.reads)

			h.org.now = start.Add(DefaultGiveUp)
			h.poll()
			require.Equal(t, []string{bad.ID}, h.skipped)
			want := []string{"TID:bulk", "TID:next", "TID:nine", "TID:soap"}
			if name == "cut off" {
				want = []string{"TID:bulk", "TID:next", "TID:soap"}
			}
			require.Equal(t, want, h.requests())
			h.poll()
			require.Equal(t, 4, bad.reads)
		})
	}
}

// TestCutOff: what came before the cut is delivered, once, and the rest once it is there.
func TestCutOff(t *testing.T) {
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(2), `"RestApi","2026`)
	require.ErrorIs(t, h.poller.Poll(t.Context()), logcsv.ErrCutOff)
	require.Len(t, h.taken, 2)
	f.content = headers["RestApi"] + manyRows(4)
	h.poll()
	require.Equal(t, []string{"TID:0", "TID:1", "TID:2", "TID:3"}, h.requests())
}

// TestConnectionBreaks: so with a connection that breaks.
func TestConnectionBreaks(t *testing.T) {
	h := newHarness(t)
	broken := errors.New("connection reset by peer")
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(batchSize+5))
	f.tail = broken
	for i := range 5 {
		h.org.now = start.Add(time.Duration(i) * time.Hour)
		require.ErrorIs(t, h.poller.Poll(t.Context()), broken)
		h.restart()
	}
	require.Len(t, h.requests(), batchSize+5)
	f.tail = nil
	h.poll()
	require.Len(t, h.requests(), batchSize+5)
	require.Empty(t, h.skipped)
}

// TestReplacedWhileRead: a file is replaced after it was listed, and has other rows where
// those were that came before the connection broke.
func TestReplacedWhileRead(t *testing.T) {
	h := newHarness(t)
	broken := errors.New("connection reset by peer")
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(3))
	f.tail = broken
	require.ErrorIs(t, h.poller.Poll(t.Context()), broken)
	require.Equal(t, []string{"TID:0", "TID:1", "TID:2"}, h.requests())

	h.restart()
	h.org.now = start.Add(time.Hour)
	f.tail = nil
	f.opened = func() {
		f.Created, f.content = start, headers["RestApi"]+restRow("TID:late", 9, 0)+restRow("TID:later", 9, 1)+manyRows(3)
	}
	h.poll()
	require.Equal(t, []string{"TID:0", "TID:1", "TID:2", "TID:late", "TID:later"}, h.requests())
	h.poll()
	require.Len(t, h.requests(), 5)
}

// TestOneFileFails: a file that is answered with an error again and again costs neither the
// others their turn nor is it given up soon.
func TestOneFileFails(t *testing.T) {
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(2))
	f.err = statusError(http.StatusInternalServerError, "")
	h.org.add("Login/Daily", 0, start.Add(-3*time.Hour), csv("Login", at(9, 0), "TID:l", user, "LOGIN_ERROR_USER_INACTIVE", "F", "", ""))
	for i := range 24 {
		h.org.now = start.Add(time.Duration(i) * time.Hour)
		require.ErrorContains(t, h.poller.Poll(t.Context()), "500")
	}
	require.Equal(t, []string{"TID:l"}, h.requests())
	require.Empty(t, h.skipped)
	h.org.now = start.Add(24 * time.Hour)
	h.poll()
	require.Equal(t, []string{f.ID}, h.skipped)
}

// TestUnavailable: what other files would be answered with, too, ends the poll.
func TestUnavailable(t *testing.T) {
	for _, err := range []error{statusError(http.StatusServiceUnavailable, ""), statusError(http.StatusForbidden, ""), &url.Error{Op: "Get", Err: errors.New("no route to host")}} {
		h := newHarness(t)
		f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(2))
		f.err = err
		other := h.org.add("Login/Daily", 0, start.Add(-3*time.Hour))
		for i := range 30 {
			h.org.now = start.Add(time.Duration(i) * time.Hour)
			require.ErrorIs(t, h.poller.Poll(t.Context()), err)
		}
		require.Zero(t, other.reads)
		require.Empty(t, h.skipped)
	}
}

// TestMaintenancePage: it passes, so nothing is skipped, however long it takes.
func TestMaintenancePage(t *testing.T) {
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(2))
	f.html = true
	for i := range 5 {
		h.org.now = start.Add(time.Duration(i) * time.Hour)
		require.ErrorIs(t, h.poller.Poll(t.Context()), errNoCSV)
	}
	f.html = false
	h.poll()
	require.Len(t, h.requests(), 2)
}

// TestLimit: once the org's requests are used up, nothing more is asked for in this poll,
// and not for a while.
func TestLimit(t *testing.T) {
	limit := statusError(http.StatusForbidden, `[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]`)
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(2))
	bulk := h.org.add("BulkApi2/Daily", 0, start.Add(-3*time.Hour))
	f.err = limit
	err := h.poller.Poll(t.Context())
	requireDelay(t, err)
	require.Zero(t, bulk.reads)

	f.err, h.org.queryErr = nil, limit
	requireDelay(t, h.poller.Poll(t.Context()))
	h.org.queryErr = nil
	h.poll()
	require.Len(t, h.requests(), 2)
}

func requireDelay(t *testing.T, err error) {
	t.Helper()
	var delaying interface {
		Delay() time.Duration
		Reason() string
	}
	require.ErrorAs(t, err, &delaying)
	require.Equal(t, 15*time.Minute, delaying.Delay())
	require.Equal(t, "rate_limit", delaying.Reason())
}

// TestBrokenRows: they are counted, and cost no neighbour.
func TestBrokenRows(t *testing.T) {
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), restRow("TID:a", 9, 0), `"RestApi","broken`+"\n", restRow("TID:b", 9, 1),
		csv("RestApi", "yesterday", "TID:c", "", user, "", "", "POST", "500", "F", "", "", ""), foreignRow(9))
	h.poll()
	require.Equal(t, []string{"TID:a", "TID:b"}, h.requests())
	require.Equal(t, Rows{Read: 5, Broken: 1, Unusable: 1, Failed: 2, Delivered: 2}, h.read[f.ID])
}

// TestOldRows: what lies before the log is not logged.
func TestOldRows(t *testing.T) {
	h := newHarness(t)
	old := h.org.add("RestApi/Daily", -9*24, start.Add(-time.Hour), restRow("TID:old", -9*24, 0))
	f := h.org.add("RestApi/Daily", -6*24, start.Add(-time.Hour), restRow("TID:before", -140, 0), restRow("TID:after", -132, 0))
	h.poll()
	require.Equal(t, []string{"TID:after"}, h.requests())
	require.Zero(t, old.reads)
	require.Equal(t, 1, h.read[f.ID].Old)
}

// TestForgets: the checkpoint does not grow.
func TestForgets(t *testing.T) {
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-time.Hour), manyRows(3))
	h.poll()
	require.Len(t, h.poller.state.Delivered, 1)
	h.org.now = start.Add(10 * 24 * time.Hour)
	h.poll()
	require.Empty(t, h.poller.state.Delivered)
	require.Empty(t, h.poller.state.Hours[restCall])
	require.Empty(t, h.poller.state.Cursors["RestApi/Daily"].Done)
	found, err := h.store.Load(t.Context(), ledgerKey(f.ID, 0), &document{})
	require.NoError(t, err)
	require.False(t, found)
}

// TestStrayTime: a row whose time cannot be right belongs to its file, and claims no hour.
func TestStrayTime(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Daily", 0, start.Add(-time.Hour), restRow("TID:stray", 24*400, 0))
	h.poll()
	require.Len(t, h.requests(), 1)
	require.Len(t, h.poller.state.Hours[restCall], 24)
}

// TestUnknownCheckpoint: it is no fresh start, which would double everything.
func TestUnknownCheckpoint(t *testing.T) {
	h := newHarness(t)
	require.NoError(t, h.store.Save(t.Context(), stateKey, []string{"?"}))
	require.True(t, pull.IsPermanent(h.poller.Poll(t.Context())))

	h = newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-time.Hour), manyRows(3))
	h.poll()
	require.NoError(t, h.store.Save(t.Context(), ledgerKey(f.ID, 0), document{Keys: []byte("?")}))
	f.Created = start.Add(-30 * time.Minute)
	require.True(t, pull.IsPermanent(h.poller.Poll(t.Context())))
}

// TestDamagedLedger: a page that was set aside costs what it held, and those behind it are
// not taken for what is written after it.
func TestDamagedLedger(t *testing.T) {
	h := newHarness(t)
	keys := func(page int) document {
		d := document{Keys: make([]byte, pageSize)}
		for i := range d.Keys {
			d.Keys[i] = byte(page)
		}
		return d
	}
	for page := range 6 {
		require.NoError(t, h.store.Save(t.Context(), ledgerKey("file", page), keys(page)))
	}
	for _, damaged := range []int{1, 2, 4} {
		require.NoError(t, h.store.Delete(t.Context(), ledgerKey("file", damaged)))
	}

	ledgers, err := loadLedgers(t.Context(), h.store, []string{"other", "file"})
	require.NoError(t, err)
	require.Empty(t, ledgers[0].keys)
	require.Equal(t, keys(0).Keys, ledgers[1].keys)
	for page := 1; page < 6; page++ {
		found, err := h.store.Load(t.Context(), ledgerKey("file", page), &document{})
		require.NoError(t, err)
		require.False(t, found, "page %d", page)
	}
}

func TestSettings(t *testing.T) {
	_, err := ParseUsers([]string{"jane@example.com"})
	require.ErrorContains(t, err, "no id of a Salesforce user")

	good := newHarness(t).poller.settings
	for want, spoil := range map[string]func(*Settings){
		"no API":     func(s *Settings) { s.API = nil },
		"no user":    func(s *Settings) { s.Users = callrow.Users{} },
		"no version": func(s *Settings) { s.Version = "66" },
	} {
		s := good
		spoil(&s)
		_, err := New(s)
		require.ErrorContains(t, err, want)
	}
}

// TestAccountUnknown: without the org's id nothing is read.
func TestAccountUnknown(t *testing.T) {
	h := newHarness(t)
	failure := errors.New("no token")
	h.poller.settings.Account = func(context.Context) (string, error) { return "", failure }
	require.ErrorIs(t, h.poller.Poll(t.Context()), failure)
	require.Empty(t, h.org.queries)
}

// TestForeignPage: a next page elsewhere is not asked for.
func TestForeignPage(t *testing.T) {
	h := newHarness(t)
	h.org.queryErr = soql.ErrAnswer
	require.ErrorIs(t, h.poller.Poll(t.Context()), soql.ErrAnswer)
	require.Zero(t, h.poller.ReadUpTo())
}
