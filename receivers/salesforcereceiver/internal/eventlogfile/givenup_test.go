// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/logcsv"
)

const cutOffRow = `"RestApi","2026`

// TestGivenUpHour: the hour of an hourly file that is cut off for good comes from the daily
// file, whether that is there before or after the other is given up; and nothing twice.
func TestGivenUpHour(t *testing.T) {
	same := restRow("TID:same", 10, 3)
	for _, early := range []bool{false, true} {
		t.Run(fmt.Sprint("early ", early), func(t *testing.T) {
			h := newHarness(t)
			h.org.add("RestApi/Hourly", 10, start.Add(-5*time.Hour), restRow("TID:first", 10, 0), same)
			bad := h.org.add("RestApi/Hourly", 10, start.Add(-4*time.Hour), restRow("TID:a", 10, 1), cutOffRow)
			bad.Sequence = 2
			h.org.add("RestApi/Hourly", 11, start.Add(-3*time.Hour), restRow("TID:eleven", 11, 1))
			daily := func() {
				h.org.add("RestApi/Daily", 0, h.org.now.Add(-time.Hour), restRow("TID:first", 10, 0), restRow("TID:a", 10, 1), restRow("TID:b", 10, 2),
					same, same, restRow("TID:eleven", 11, 1), restRow("TID:nine", 9, 0))
			}
			if early {
				daily()
			}
			for range 3 {
				require.ErrorIs(t, h.poller.Poll(t.Context()), logcsv.ErrCutOff)
				require.Equal(t, []string{"TID:first", "TID:same", "TID:a"}, h.requests(), "the daily file waits")
				h.restart()
			}
			h.org.now = start.Add(DefaultGiveUp)
			h.poll()
			require.Equal(t, []string{bad.ID}, h.skipped)
			if !early {
				h.org.now = start.Add(8 * time.Hour)
				h.restart()
				daily()
				h.poll()
			}
			want := []string{"TID:first", "TID:same", "TID:a", "TID:eleven", "TID:b", "TID:same", "TID:nine"}
			require.Equal(t, want, h.requests())

			// The daily file is replaced, and has one more.
			h.org.now = h.org.now.Add(2 * time.Hour)
			f := h.org.files[len(h.org.files)-1]
			f.Created = h.org.now.Add(-time.Hour)
			f.content += restRow("TID:late", 10, 5)
			h.restart()
			h.poll()
			require.Equal(t, append(want, "TID:late"), h.requests())
		})
	}
}

// TestOtherDaysDoNotWait: an hourly file that cannot be read holds up the daily file of its
// own day only.
func TestOtherDaysDoNotWait(t *testing.T) {
	h := newHarness(t)
	h.org.add("RestApi/Hourly", 34, start.Add(-time.Hour), cutOffRow)
	h.org.add("RestApi/Daily", 0, start.Add(-time.Hour), restRow("TID:nine", 9, 0))
	require.ErrorIs(t, h.poller.Poll(t.Context()), logcsv.ErrCutOff)
	require.Equal(t, []string{"TID:nine"}, h.requests())
}

// strictStore does nothing for a context that has ended.
type strictStore struct{ Store }

func (s strictStore) Save(ctx context.Context, key string, document any) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.Store.Save(ctx, key, document)
}

// TestShutdownAfterDelivery: what the pipeline took while the receiver was shut down is
// known after the restart, even of a file that is replaced meanwhile.
func TestShutdownAfterDelivery(t *testing.T) {
	for _, rows := range []int{2, batchSize + 2} {
		h := newHarness(t)
		h.store = strictStore{h.store}
		h.restart()
		f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(rows))
		ctx, cancel := context.WithCancel(t.Context())
		deliver := h.poller.settings.Deliver
		h.poller.settings.Deliver = func(ctx context.Context, activities []activity.Activity) error {
			cancel()
			return deliver(ctx, activities)
		}
		require.ErrorIs(t, h.poller.Poll(ctx), context.Canceled)
		require.NotEmpty(t, h.taken)
		h.restart()
		h.org.now = start.Add(time.Hour)
		f.Created = start
		h.poll()
		require.Len(t, h.requests(), rows)
	}
}

// strangeDates answers as an org does, with dates of another form.
type strangeDates struct{ *org }

func (o strangeDates) Do(ctx context.Context, request apiclient.Request) (*apiclient.Response, error) {
	response, err := o.org.Do(ctx, request)
	if err == nil && response.Body != nil {
		response.Body = replaced(o.t, response.Body, `"LogDate":"2026-11-25T`, `"LogDate":"25/11/2026 `)
	}
	return response, err
}

func replaced(tb testing.TB, body io.ReadCloser, from, to string) io.ReadCloser {
	tb.Helper()
	content, err := io.ReadAll(body)
	require.NoError(tb, err)
	require.NoError(tb, body.Close())
	return io.NopCloser(strings.NewReader(strings.ReplaceAll(string(content), from, to)))
}

// TestUndatedFile: a file whose date is not understood is told, once.
func TestUndatedFile(t *testing.T) {
	h := newHarness(t)
	f := h.org.add("RestApi/Daily", 0, start.Add(-3*time.Hour), manyRows(2))
	h.poller.settings.API = strangeDates{h.org}
	h.poller.querier.API = strangeDates{h.org}
	h.poll()
	h.poll()
	require.Equal(t, []string{f.ID}, h.skipped)
	require.Empty(t, h.taken)
}
