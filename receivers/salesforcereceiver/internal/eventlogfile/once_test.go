// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOneSource: a call that stands in all types and intervals is logged once, from the
// best of them, and what only a worse one has is logged from that.
func TestOneSource(t *testing.T) {
	h := newHarness(t)
	early := start.Add(-4 * time.Hour)
	// Hourly files were switched on at ten o'clock.
	h.org.add("RestApi/Hourly", 10, early, restRow("TID:ten", 10, 1))
	h.org.add("RestApi/Hourly", 11, early, foreignRow(11))
	h.org.add("RestApi/Daily", 0, early, restRow("TID:nine", 9, 1), restRow("TID:ten", 10, 1))
	h.org.add("ApiTotalUsage/Daily", 0, early,
		usageRow("TID:nine", "REST", 9, 1), usageRow("TID:ten", "REST", 10, 1), usageRow("TID:soap", "SOAP", 9, 2), usageRow("TID:soap 2", "Bulk", 10, 2))
	h.poll()
	require.Equal(t, []string{"TID:ten", "TID:nine", "TID:soap", "TID:soap 2"}, h.requests())
	require.Equal(t, Rows{Read: 4, Failed: 4, Delivered: 2, Elsewhere: 2}, h.read[h.org.files[3].ID])
	h.poll()
	require.Len(t, h.requests(), 4)
	for _, f := range h.org.files {
		require.Equal(t, 1, f.reads)
	}
	require.Equal(t, start.Add(-DefaultSettle), h.poller.ReadUpTo())
}

// TestLatecomers: an hourly file that comes after the daily one has nothing new, and what
// comes late to an hour of hourly files comes in another of them.
func TestLatecomers(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Hourly", 10, start.Add(-4*time.Hour), restRow("TID:ten", 10, 1))
	h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), restRow("TID:ten", 10, 1), restRow("TID:ten, late", 10, 2), restRow("TID:last", 23, 1))
	h.poll()
	require.Equal(t, []string{"TID:ten", "TID:last"}, h.requests())

	h.org.now = start.Add(time.Hour)
	h.org.add("RestApi/Hourly", 23, start.Add(time.Minute), restRow("TID:last", 23, 1))
	h.org.add("RestApi/Hourly", 10, start.Add(time.Minute), restRow("TID:ten, late", 10, 2)).Sequence = 2
	h.poll()
	require.Equal(t, []string{"TID:ten", "TID:last", "TID:ten, late"}, h.requests())
}

// TestReplacedFile: a daily file that is replaced gives what it did not have before.
func TestReplacedFile(t *testing.T) {
	for _, restart := range []bool{false, true} {
		t.Run(fmt.Sprint("restart ", restart), func(t *testing.T) {
			h := newHarness(t)
			twice := restRow("TID:twice", 9, 1)
			f := h.org.add("RestApi/Daily", 0, start.Add(-4*time.Hour), restRow("TID:a", 9, 0), twice, twice)
			h.poll()
			require.Equal(t, []string{"TID:a", "TID:twice", "TID:twice"}, h.requests())
			if restart {
				h.restart()
			}
			h.org.now = start.Add(time.Hour)
			f.Created = start
			f.content = headers["RestApi"] + twice + restRow("TID:late", 8, 0) + twice + restRow("TID:a", 9, 0) + twice
			h.poll()
			require.Equal(t, []string{"TID:a", "TID:twice", "TID:twice", "TID:late", "TID:twice"}, h.requests())
			require.Equal(t, Rows{Read: 5, Failed: 5, Known: 3, Delivered: 2}, h.read[f.ID])
			h.poll()
			require.Len(t, h.taken, 5)
		})
	}
}

// TestEqualRows: rows of one content in two files of one hour are two calls.
func TestEqualRows(t *testing.T) {
	h := newHarness(t)
	same := restRow("TID:same", 10, 1)
	h.org.add("RestApi/Hourly", 10, start.Add(-4*time.Hour), same)
	h.org.add("RestApi/Hourly", 10, start.Add(-3*time.Hour), same, same).Sequence = 2
	h.poll()
	require.Equal(t, []string{"TID:same", "TID:same", "TID:same"}, h.requests())
	hourly := ids(h)

	// The daily file of another collector that knows of no hourly ones gives the same ids.
	other := newHarness(t)
	other.org.add("RestApi/Daily", 0, start.Add(-time.Hour), same, same, same)
	other.poll()
	require.Equal(t, hourly, ids(other))
}

// TestLostCheckpoint: read anew, everything has the ids that it had.
func TestLostCheckpoint(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Daily", 0, start.Add(-4*time.Hour), manyRows(3))
	h.org.add("Login/Daily", 0, start.Add(-4*time.Hour), csv("Login", at(9, 0), "TID:l", user, "LOGIN_ERROR_USER_INACTIVE", "F", "192.0.2.1", "jane@example.com"))
	h.poll()
	other := newHarness(t)
	other.org = h.org
	other.restart()
	other.poll()
	require.Equal(t, ids(h), ids(other))
	require.Len(t, ids(h), 4)
}

func ids(h *harness) []string {
	all := make([]string, 0, len(h.taken))
	for i := range h.taken {
		all = append(all, h.taken[i].ID)
	}
	return all
}

// TestGoesOn: whenever the pipeline stops taking, a poll or another process goes on where
// it was, also if the file was replaced meanwhile.
func TestGoesOn(t *testing.T) {
	for _, restart := range []bool{false, true} {
		for _, replaced := range []bool{false, true} {
			t.Run(fmt.Sprintf("restart %v, replaced %v", restart, replaced), func(t *testing.T) {
				h := newHarness(t)
				const rows = 2*batchSize + 100
				f := h.org.add("RestApi/Daily", 0, start.Add(-4*time.Hour), manyRows(rows))
				for batches := range 4 {
					h.failAfter = batches
					err := h.poller.Poll(t.Context())
					if batches < 3 && len(h.taken) < rows {
						require.ErrorIs(t, err, errFull)
					}
					if restart {
						h.restart()
					}
					if replaced && batches == 1 {
						f.Created = start.Add(-3 * time.Hour)
						f.content = headers["RestApi"] + restRow("TID:new", 8, 0) + manyRows(rows)
					}
				}
				h.failAfter = -1
				h.poll()
				want := rows
				if replaced {
					want++
				}
				require.Len(t, h.requests(), want)
			})
		}
	}
}

// TestUsageWaits: where an org has RestApi files, ApiTotalUsage's wait for those of the
// day, and stand in for them if none comes.
func TestUsageWaits(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Daily", -24, start.Add(-24*time.Hour), restRow("TID:before", -12, 0))
	usage := h.org.add("ApiTotalUsage/Daily", 0, start.Add(-time.Hour), usageRow("TID:nine", "REST", 9, 1), usageRow("TID:soap", "SOAP", 9, 2))
	h.poll()
	require.Equal(t, []string{"TID:before"}, h.requests())
	require.Zero(t, usage.reads)

	h.org.now = start.Add(time.Hour)
	h.org.add("RestApi/Daily", 0, start, restRow("TID:nine", 9, 1))
	h.poll()
	require.Equal(t, []string{"TID:before", "TID:nine", "TID:soap"}, h.requests())
	require.Equal(t, "DUPLICATES_DETECTED", h.taken[1].Error.Code)

	// The day after there is none.
	h.org.now = start.Add(48 * time.Hour)
	h.org.add("ApiTotalUsage/Daily", 24, start.Add(48*time.Hour-DefaultHold), usageRow("TID:tomorrow", "REST", 33, 1))
	h.poll()
	require.Equal(t, "TID:tomorrow", h.requests()[3])
	// It comes at last, and has nothing to add.
	h.org.add("RestApi/Daily", 24, start.Add(48*time.Hour-DefaultSettle), restRow("TID:tomorrow", 33, 1))
	h.poll()
	require.Len(t, h.requests(), 4)
}

// TestFreeOrg: without Event Monitoring there are daily files of two types only, and
// nothing waits.
func TestFreeOrg(t *testing.T) {
	h := newHarness(t)
	h.org.withoutHourly = true
	h.org.add("ApiTotalUsage/Daily", 0, start.Add(-time.Hour), usageRow("TID:nine", "REST", 9, 1), usageRow("TID:soap", "SOAP", 9, 2))
	h.org.add("Login/Daily", 0, start.Add(-time.Hour), csv("Login", at(9, 0), "TID:ok", user, "LOGIN_NO_ERROR", "S", "192.0.2.1", "jane@example.com"))
	h.poll()
	require.Equal(t, []string{"TID:nine", "TID:soap"}, h.requests())
	require.Len(t, h.org.queries, 2, "one that was refused, and one without the interval")
	require.NotContains(t, h.org.queries[1], "Interval")
	h.poll()
	require.Len(t, h.org.queries, 3)

	// An admin switches hourly files on.
	h.org.withoutHourly = false
	h.org.now = start.Add(25 * time.Hour)
	h.org.add("ApiTotalUsage/Hourly", 35, start.Add(20*time.Hour), usageRow("TID:hourly", "REST", 35, 1))
	h.poll()
	require.Equal(t, []string{"TID:nine", "TID:soap", "TID:hourly"}, h.requests())
}

// TestPages: a listing of several pages is read as a whole.
func TestPages(t *testing.T) {
	h := newHarness(t)
	h.org.pageSize = 2
	for hour := range 7 {
		h.org.add("RestApi/Hourly", hour, start.Add(-4*time.Hour), restRow(fmt.Sprint("TID:", hour), hour, 0))
	}
	h.poll()
	require.Len(t, h.requests(), 7)
}

// TestQuery: what is asked, to the letter.
func TestQuery(t *testing.T) {
	h := newHarness(t)
	h.poll()
	const want = "SELECT Id, EventType, LogDate, CreatedDate, Interval, Sequence FROM EventLogFile " +
		"WHERE EventType IN ('RestApi', 'ApiTotalUsage', 'BulkApi2', 'Login') AND Interval = 'Hourly' AND CreatedDate >= 2026-11-19T11:00:00.000Z ORDER BY CreatedDate ASC"
	require.Equal(t, []string{want, strings.Replace(want, "Hourly", "Daily", 1)}, h.org.queries)

	// Without files the cursor follows, so that the answers do not grow.
	h.poll()
	require.Contains(t, h.org.queries[2], "CreatedDate >= 2026-11-25T11:00:00.000Z")
}

// TestManyBatches: what was delivered is known, over several pages of the ledger, when the
// process ends amid a file and when the file is replaced.
func TestManyBatches(t *testing.T) {
	h := newHarness(t)
	const rows = 10 * batchSize
	f := h.org.add("RestApi/Daily", 0, start.Add(-4*time.Hour), manyRows(rows))
	h.failAfter = 6
	require.ErrorIs(t, h.poller.Poll(t.Context()), errFull)
	h.restart()
	h.failAfter = -1
	h.poll()
	require.Len(t, h.requests(), rows)

	h.restart()
	h.org.now = start.Add(time.Hour)
	f.Created = start
	f.content += restRow("TID:late", 9, 0)
	h.poll()
	require.Len(t, h.requests(), rows+1)
}
