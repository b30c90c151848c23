// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const mib = 1 << 20

// memory is the resident memory of a process, each second.
type memory struct {
	end  chan struct{}
	done sync.WaitGroup
	used []uint64
}

func startMemory(process *harness.Process) *memory {
	m := &memory{end: make(chan struct{})}
	m.done.Go(func() {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			if used, err := process.Memory(); err == nil {
				m.used = append(m.used, used)
			}
			select {
			case <-ticker.C:
			case <-m.end:
				return
			}
		}
	})
	return m
}

func (m *memory) stop() {
	close(m.end)
	m.done.Wait()
}

// report tells the memory at the beginning, in the middle and at the end, and logs it over
// the time. It must have been stopped.
func (m *memory) report(b *testing.B) {
	b.Helper()
	require.NotEmpty(b, m.used)
	last := len(m.used) - 1
	b.ReportMetric(float64(m.used[0]), "RSS-begin-B")
	b.ReportMetric(float64(m.used[last/2]), "RSS-middle-B")
	b.ReportMetric(float64(m.used[last]), "RSS-end-B")
	var over strings.Builder
	const points = 20
	for i := range points + 1 {
		fmt.Fprintf(&over, " %d", m.used[last*i/points]/mib)
	}
	b.Logf("%s: MiB of resident memory, over %d s:%s", b.Name(), last, over.String())
}

// spent is what a process has used.
type spent struct {
	cpu time.Duration
	// objects and bytes are what it has allocated.
	objects, bytes float64
}

// use returns what the all-in-one has used so far. Its Loki tells of the whole process.
func use(b *testing.B, loki *harness.Loki, process *harness.Process) spent {
	b.Helper()
	metrics, err := harness.ReadMetrics(b.Context(), loki.URL+"/metrics")
	require.NoError(b, err)
	s := spent{
		cpu:     process.CPU(b),
		objects: metrics.Sum("go_memstats_mallocs_total"),
		bytes:   metrics.Sum("go_memstats_alloc_bytes_total"),
	}
	require.NotZero(b, s.objects)
	require.NotZero(b, s.bytes)
	return s
}

// since returns what was used since then.
func (s spent) since(before spent) spent {
	return spent{s.cpu - before.cpu, s.objects - before.objects, s.bytes - before.bytes}
}

// without returns what was used beyond what is used in that time without a load.
func (s spent) without(idle spent, idleFor, d time.Duration) spent {
	share := d.Seconds() / idleFor.Seconds()
	return spent{s.cpu - time.Duration(float64(idle.cpu)*share), s.objects - idle.objects*share, s.bytes - idle.bytes*share}
}

// report tells what was used for each of so many records.
func (s spent) report(b *testing.B, records int) {
	b.Helper()
	b.ReportMetric(float64(s.cpu)/float64(records), "cpu-ns/record")
	b.ReportMetric(s.objects/float64(records), "allocs/record")
	b.ReportMetric(s.bytes/float64(records), "allocated-B/record")
}

// ownCPU is what this process, which sends, has used of the processors.
func ownCPU(b *testing.B) time.Duration {
	b.Helper()
	own, err := process.NewProcess(int32(os.Getpid()))
	require.NoError(b, err)
	times, err := own.Times()
	require.NoError(b, err)
	return time.Duration((times.User + times.System) * float64(time.Second))
}
