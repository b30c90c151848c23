// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

// fakeDisk is a disk of which a test says how much is free.
type fakeDisk struct {
	free  uint64
	err   error
	asked int
}

// useDisk gives a receiver that is created, but not started, such a disk.
func (r *rig) useDisk(free uint64) *fakeDisk {
	d := &fakeDisk{free: free}
	guard := r.receiver.(*webhookReceiver).route.intake.disk
	guard.config = MinFreeDiskConfig{Directory: "/queue", MiB: 256}
	guard.free = func(string) (uint64, error) {
		d.asked++
		return d.free, d.err
	}
	return d
}

var (
	recoverable = componentstatus.StatusRecoverableError
	fine        = componentstatus.StatusOK
)

func TestRefusesBeforeTheDiskIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, withPipes(t))
		disk := r.useDisk(256 << 20)
		r.start()
		r.requireCode(http.StatusOK, r.post(ids("a")))
		assert.Empty(t, r.host.statuses())

		disk.free = 256<<20 - 1
		time.Sleep(diskCheckInterval)
		for i := range 5 {
			got := r.post(ids("b", fmt.Sprint(i)))
			r.requireCode(http.StatusServiceUnavailable, got)
			assert.Equal(t, "5", got.header.Get("Retry-After"))
			time.Sleep(diskCheckInterval)
		}
		r.requireCode(http.StatusOK, r.post(ids("a"))) // that one needs no disk
		assert.EqualValues(t, 5, r.rejected(DiskFull))
		assert.EqualValues(t, 10, r.refused())
		assert.Equal(t, []componentstatus.Status{recoverable}, r.host.statuses(), "only once")
		require.ErrorContains(t, r.host.events[0].Err(), `min_free_disk: 255 MiB are free at "/queue", less than 256 MiB; make room`)

		disk.free = 1 << 40
		time.Sleep(diskCheckInterval)
		r.requireCode(http.StatusOK, r.post(ids("b", "0")))
		r.requireCode(http.StatusOK, r.post(ids("c")))
		assert.Equal(t, []componentstatus.Status{recoverable, fine}, r.host.statuses())
		assert.Equal(t, []string{"a", "b", "0", "c"}, r.sink.stored())
		assert.Equal(t, 1, r.logs.FilterMessageSnippet("answered with 503 until this is over").Len())
		assert.Equal(t, 1, r.logs.FilterMessageSnippet("accepted again").Len())
		r.stop()
	})
}

func TestDiskIsAskedOncePerInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, withPipes(t))
		disk := r.useDisk(1 << 40)
		r.start()
		for i := range 100 {
			r.requireCode(http.StatusOK, r.post(ids(fmt.Sprint(i))))
		}
		assert.Equal(t, 1, disk.asked)
		time.Sleep(diskCheckInterval)
		r.requireCode(http.StatusOK, r.post(ids("x")))
		assert.Equal(t, 2, disk.asked)
		r.stop()
	})
}

func TestDiskThatCannotBeAsked(t *testing.T) {
	directory := filepath.Join(t.TempDir(), "missing")
	g := newDiskGuard(MinFreeDiskConfig{Directory: directory, MiB: 1})
	now := time.Now()
	err := g.check(now)
	require.ErrorContains(t, err, fmt.Sprintf("min_free_disk::directory: cannot tell how much disk is free at %q", directory))
	require.ErrorIs(t, err, os.ErrNotExist)

	require.NoError(t, os.Mkdir(directory, 0o700))
	assert.Equal(t, err, g.check(now.Add(diskCheckInterval-1)), "it is not asked again so soon")
	require.NoError(t, g.check(now.Add(diskCheckInterval)))
}

func TestMissingDirectory(t *testing.T) {
	r := startRig(t, func(r *rig) {
		r.config.MinFreeDisk = MinFreeDiskConfig{Directory: filepath.Join(t.TempDir(), "missing"), MiB: 1}
	})
	r.requireCode(http.StatusServiceUnavailable, r.post(ids("a")))
	assert.EqualValues(t, 1, r.rejected(DiskFull))
	assert.Contains(t, r.logLines(), "min_free_disk::directory")
}

func TestDiskGuardIsOff(t *testing.T) {
	for _, config := range []MinFreeDiskConfig{{}, {MiB: 1 << 40}, {Directory: "/missing"}} {
		require.NoError(t, newDiskGuard(config).check(time.Now()))
	}
}

func TestRealDisk(t *testing.T) {
	free, err := freeDisk(t.TempDir())
	require.NoError(t, err)
	assert.Positive(t, free)
}

// The status follows the pipeline, and tells its changes only. What it refuses for
// good says nothing of its health.
func TestStatusFollowsThePipeline(t *testing.T) {
	var result error
	r := startRig(t, withConsume(func(context.Context, []string) error { return result }))
	n := 0
	post := func(err error) {
		n++
		result = err
		r.post(ids(fmt.Sprint(n)))
	}
	never := consumererror.NewPermanent(errors.New("never"))
	post(nil)
	post(never)
	assert.Empty(t, r.host.statuses())
	post(errFull)
	post(errFull)
	post(never)
	assert.Equal(t, []componentstatus.Status{recoverable}, r.host.statuses())
	require.ErrorIs(t, r.host.events[0].Err(), errFull)
	post(nil)
	post(nil)
	assert.Equal(t, []componentstatus.Status{recoverable, fine}, r.host.statuses())
	post(errFull)
	assert.Equal(t, []componentstatus.Status{recoverable, fine, recoverable}, r.host.statuses())
	assert.Equal(t, 1, r.logs.FilterMessageSnippet("refused activities for good").Len())
}
