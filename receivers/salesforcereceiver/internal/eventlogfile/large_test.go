// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
)

// stream is a large file that is made while it is read: of each thousand rows one is a
// call of the integration that failed. It notes the largest heap.
type stream struct {
	size, read int
	row        int
	rest       string
	peak       uint64
}

func (s *stream) Read(p []byte) (int, error) {
	if s.rest == "" {
		if s.read >= s.size {
			return 0, io.EOF
		}
		s.rest = s.next()
	}
	n := copy(p, s.rest)
	s.rest = s.rest[n:]
	s.read += n
	return n, nil
}

// next returns the next thousand rows.
func (s *stream) next() string {
	if s.row == 0 {
		s.row++
		return headers["RestApi"]
	}
	s.row++
	if s.row%20 == 0 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		s.peak = max(s.peak, m.HeapAlloc)
	}
	return thousand + restRow(fmt.Sprint("TID:", s.row), s.row/60%24, s.row%60)
}

var thousand = strings.Repeat(foreignRow(9), 999)

// large is an org with one file of a size.
type large struct {
	org    *org
	stream *stream
}

func (l *large) Do(ctx context.Context, request apiclient.Request) (*apiclient.Response, error) {
	if strings.HasSuffix(request.Path, "/LogFile") {
		return &apiclient.Response{Code: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(l.stream)}, nil
	}
	return l.org.Do(ctx, request)
}

// readLarge reads a file of a size, and returns how much the heap grew and how many calls
// were delivered.
func readLarge(tb testing.TB, size int) (grown uint64, delivered int) {
	tb.Helper()
	h := newHarness(tb)
	h.org.add("RestApi/Daily", 0, start.Add(-time.Hour))
	s := &stream{size: size}
	h.poller.settings.API = &large{h.org, s}
	h.poller.querier.API = h.org
	h.poller.settings.Deliver = func(_ context.Context, activities []activity.Activity) error {
		delivered += len(activities)
		return nil
	}
	runtime.GC() //nolint:revive // what is left of the tests before must not count
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	h.poll()
	require.GreaterOrEqual(tb, s.read, size)
	if s.peak > before.HeapAlloc {
		grown = s.peak - before.HeapAlloc
	}
	return grown, delivered
}

var largeSize = flag.Int("large", 8, "how large the large file is, in MiB; 200 takes some seconds")

// TestLargeFile: a file is read in little memory, however large it is.
func TestLargeFile(t *testing.T) {
	grown, delivered := readLarge(t, *largeSize<<20)
	t.Logf("%d MiB: the heap grew by %.1f MiB, %d calls were delivered", *largeSize, float64(grown)/(1<<20), delivered)
	require.Less(t, grown, uint64(20<<20))
	require.Positive(t, delivered)
}

func BenchmarkFile(b *testing.B) {
	const size = 16 << 20
	b.SetBytes(size)
	b.ReportAllocs()
	var grown uint64
	for b.Loop() {
		grown, _ = readLarge(b, size)
	}
	b.ReportMetric(float64(grown)/(1<<20), "heap-MiB")
}
