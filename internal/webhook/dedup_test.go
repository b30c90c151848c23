// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/integrationlog/integrationlog/internal/seal"
	"github.com/integrationlog/integrationlog/internal/storagetest"
)

func TestRedeliveryIsStoredOnce(t *testing.T) {
	r := startRig(t)
	for range 3 {
		r.requireCode(http.StatusOK, r.post(ids("a")))
	}
	assert.Equal(t, [][]string{{"a"}}, r.sink.handovers())
	assert.EqualValues(t, 2, r.duplicates())
	assert.EqualValues(t, 1, r.accepted(), "what the pipeline did not get does not count")
	assert.Zero(t, r.allRejected())

	r.requireCode(http.StatusOK, r.post(ids("a", "b", "a", "c")))
	assert.Equal(t, []string{"a", "b", "c"}, r.sink.stored())
	assert.EqualValues(t, 4, r.duplicates())
	assert.EqualValues(t, 3, r.accepted())
}

// Without an id nobody can tell whether it came before. Each gets one of its own, lest
// Loki take two for one.
func TestWithoutAnIDEachIsStored(t *testing.T) {
	r := startRig(t)
	for range 3 {
		r.requireCode(http.StatusOK, r.post(ids("", "")))
	}
	stored := r.sink.stored()
	assert.Len(t, stored, 6)
	assert.NotContains(t, stored, "")
	slices.Sort(stored)
	assert.Len(t, slices.Compact(stored), 6)
	assert.Zero(t, r.duplicates())
}

// What has an id keeps it, beside those that have none.
func TestIDsOfTheSourceAreKept(t *testing.T) {
	r := startRig(t)
	r.requireCode(http.StatusOK, r.post(ids("a", "", "a", "b", "")))
	r.requireCode(http.StatusOK, r.post(ids("b", "", "c")))
	stored := r.sink.stored()
	require.Len(t, stored, 6)
	assert.Equal(t, []string{"a", "b", "c"}, []string{stored[0], stored[2], stored[5]})
	assert.EqualValues(t, 2, r.duplicates())
	assert.EqualValues(t, 6, r.accepted())
}

func TestWhatFailedMayComeAgain(t *testing.T) {
	for code, fail := range map[int]error{503: errFull, 400: consumererror.NewPermanent(errors.New("never"))} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			result := fail
			r := startRig(t, withConsume(func(context.Context, []string) error { return result }))
			r.requireCode(code, r.post(ids("a")))
			r.requireCode(code, r.post(ids("a")))
			result = nil
			r.requireCode(http.StatusOK, r.post(ids("a")))
			assert.Equal(t, []string{"a"}, r.sink.stored())
			assert.Len(t, r.sink.handovers(), 3)
			assert.Zero(t, r.duplicates())
		})
	}
}

func TestSameIDTwiceInOneRequest(t *testing.T) {
	// with the smallest memory: the first is forgotten when the last is remembered
	r := startRig(t, func(r *rig) { r.config.Deduplication.MaxActivities = 1 })
	r.requireCode(http.StatusOK, r.post(ids("a", "a", "b", "a")))
	assert.Equal(t, [][]string{{"a", "b"}}, r.sink.handovers())
	assert.EqualValues(t, 2, r.duplicates())
	assert.EqualValues(t, 2, r.accepted())
}

func TestConcurrentRedeliveryWaitsForTheFirst(t *testing.T) {
	never := consumererror.NewPermanent(errors.New("never"))
	tests := map[string]struct {
		result        error
		first, second int
	}{
		"accepted": {nil, 200, 200},
		"failed":   {errFull, 503, 503},
		"refused":  {never, 400, 503}, // it may try for itself
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, g := gated(t)
				first := r.postLater(ids("a"))
				<-g.entered
				second, third := r.postLater(ids("a")), r.postLater(ids("a"))
				synctest.Wait()
				select {
				case got := <-second:
					t.Fatalf("answered with %d before anybody knows", got.code)
				default:
				}
				g.proceed <- test.result
				r.requireCode(test.first, <-first)
				r.requireCode(test.second, <-second)
				r.requireCode(test.second, <-third)
				assert.Len(t, r.sink.handovers(), 1)

				if test.result == nil {
					assert.EqualValues(t, 2, r.duplicates())
				} else {
					again := r.postLater(ids("a"))
					<-g.entered
					g.proceed <- nil
					r.requireCode(http.StatusOK, <-again)
					assert.Zero(t, r.duplicates())
				}
				assert.Equal(t, []string{"a"}, r.sink.stored())
				assert.EqualValues(t, 1, r.accepted())
				r.stop()
			})
		})
	}
}

func TestConcurrentRedeliveryHasADeadlineToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		first := r.postLater(ids("a"))
		<-g.entered
		begin := time.Now()
		r.requireCode(http.StatusServiceUnavailable, r.post(ids("a")))
		assert.Equal(t, r.config.Timeout, time.Since(begin))
		g.proceed <- nil
		<-first
		r.requireCode(http.StatusOK, r.post(ids("a")))
		assert.Equal(t, []string{"a"}, r.sink.stored())
		r.stop()
	})
}

// Two requests may each have what the other one brings.
func TestRequestsThatOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		first := r.postLater(ids("1", "2"))
		<-g.entered
		second := r.postLater(ids("2", "3"))
		third := r.postLater(ids("3", "1", "4"))
		synctest.Wait()

		g.proceed <- errFull // neither 1 nor 2
		r.requireCode(http.StatusServiceUnavailable, <-first)
		assert.ElementsMatch(t, []string{"3", "4"}, <-g.entered)
		g.proceed <- nil
		// 3 and 4 are stored, but that is not all that they brought
		r.requireCode(http.StatusServiceUnavailable, <-second)
		r.requireCode(http.StatusServiceUnavailable, <-third)
		assert.EqualValues(t, 2, r.accepted())
		assert.EqualValues(t, 2, r.refused())
		assert.EqualValues(t, 3, r.rejected(Unavailable))

		again := r.postLater(ids("3", "1", "4", "2"))
		assert.Equal(t, []string{"1", "2"}, <-g.entered)
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-again)
		assert.ElementsMatch(t, []string{"1", "2", "3", "4"}, r.sink.stored())
		r.stop()
	})
}

func TestTheMemoryEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRig(t, withPipes(t), func(r *rig) { r.config.Deduplication.TTL = time.Hour })
		r.requireCode(http.StatusOK, r.post(ids("a")))
		time.Sleep(time.Hour - 1)
		r.requireCode(http.StatusOK, r.post(ids("a")))
		assert.Len(t, r.sink.stored(), 1)
		time.Sleep(time.Nanosecond)
		r.requireCode(http.StatusOK, r.post(ids("a")))
		assert.Len(t, r.sink.stored(), 2)
		r.stop()
	})
}

func TestTheMemoryIsBounded(t *testing.T) {
	for name, option := range map[string]func(*rig){"in memory": func(*rig) {}, "with a storage": withStorage(storagetest.New())} {
		t.Run(name, func(t *testing.T) {
			r := startRig(t, option, func(r *rig) { r.config.Deduplication.MaxActivities = 2 })
			r.requireCode(http.StatusOK, r.post(ids("a", "b")))
			assert.Zero(t, r.sum("otelcol_webhook_forgotten_activities"))
			r.requireCode(http.StatusOK, r.post(ids("c")))
			assert.EqualValues(t, 1, r.sum("otelcol_webhook_forgotten_activities"))
			r.requireCode(http.StatusOK, r.post(ids("b", "c")))
			r.requireCode(http.StatusOK, r.post(ids("a")))
			assert.Equal(t, []string{"a", "b", "c", "a"}, r.sink.stored())
		})
	}
}

func TestTheMemorySurvivesARestart(t *testing.T) {
	r := startRig(t, withStorage(storagetest.New()))
	r.requireCode(http.StatusOK, r.post(ids("a")))
	for i := range 3 {
		r.restart()
		r.requireCode(http.StatusOK, r.post(ids("a", fmt.Sprint(i))))
	}
	assert.Equal(t, []string{"a", "0", "1", "2"}, r.sink.stored())
}

// The collector's own storage keeps it in a file.
func TestTheMemorySurvivesInAFile(t *testing.T) {
	directory := t.TempDir()
	factory := filestorage.NewFactory()
	config := factory.CreateDefaultConfig().(*filestorage.Config)
	config.Directory = directory
	var stored []string
	for i := range 3 {
		settings := extensiontest.NewNopSettings(storageID.Type())
		settings.ID = storageID
		extension, err := factory.Create(t.Context(), settings, config)
		require.NoError(t, err)
		require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))

		r := startRig(t, func(r *rig) {
			r.config.Deduplication.Storage = &storageID
			r.host.extensions[storageID] = extension
		})
		r.requireCode(http.StatusOK, r.post(ids(many("", 1_000*(i+1))...)))
		r.stop()
		require.NoError(t, extension.Shutdown(t.Context()))
		stored = append(stored, r.sink.stored()...)
	}
	assert.Equal(t, many("", 3_000), stored)
}

// What a kill costs is what was accepted in the last second, and no more.
func TestTheMemorySurvivesAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := storagetest.New()
		r := startRig(t, withPipes(t), withStorage(storage))
		r.requireCode(http.StatusOK, r.post(ids("a", "b")))
		time.Sleep(saveInterval)
		synctest.Wait()
		r.requireCode(http.StatusOK, r.post(ids("c")))
		left := storage.Copy()
		saves := storage.Saves()
		r.stop()
		assert.Greater(t, storage.Saves(), saves, "an orderly end saves the rest")

		after := startRig(t, withPipes(t), withStorage(left))
		after.requireCode(http.StatusOK, after.post(ids("a", "b", "c")))
		assert.Equal(t, []string{"c"}, after.sink.stored())
		after.stop()

		orderly := startRig(t, withPipes(t), withStorage(storage))
		orderly.requireCode(http.StatusOK, orderly.post(ids("a", "b", "c")))
		assert.Empty(t, orderly.sink.stored())
		orderly.stop()
	})
}

// What the source gives no time is another entry to Loki at another time. So it gets the
// time at which it first arrived, however suddenly the process ends, and whenever: here
// while the pipeline takes it.
func TestWhatHasNoTimeArrivesOnce(t *testing.T) {
	for name, at := range map[string]time.Time{"no time": {}, "a time that is ahead": time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				storage := storagetest.New()
				r := startRig(t, withPipes(t), withStorage(storage))
				var left *storagetest.Storage
				r.sink.consume = func(context.Context, []string) error {
					left = storage.Copy()
					return nil
				}
				r.requireCode(http.StatusOK, r.post(activitiesAt(at, "a", "b")))
				arrived := r.sink.observed["b"]
				r.stop()

				time.Sleep(time.Hour)
				after := startRig(t, withPipes(t), withStorage(left))
				after.requireCode(http.StatusOK, after.post(activitiesAt(at, "b", "c")))
				assert.Equal(t, []string{"b", "c"}, after.sink.stored(), "nobody has said that it was accepted")
				assert.Equal(t, arrived, after.sink.observed["b"])
				assert.WithinDuration(t, arrived.Add(time.Hour), after.sink.observed["c"], time.Minute)
				after.stop()
			})
		})
	}
}

// One branch of a pipeline refuses for good, the other may still take it: it must come again.
func TestBranchesThatDisagree(t *testing.T) {
	r := startRig(t)
	r.sink.consume = func(context.Context, []string) error {
		return errors.Join(consumererror.NewPermanent(errors.New("malformed")), errors.New("the queue is full"))
	}
	r.requireCode(http.StatusServiceUnavailable, r.post(ids("a")))
	r.sink.consume = nil
	r.requireCode(http.StatusOK, r.post(ids("a")))
	assert.Equal(t, []string{"a"}, r.sink.stored())
}

// Clocks differ a little; that must not make each webhook wait for the storage.
func TestWhatIsALittleAheadDoesNotWait(t *testing.T) {
	storage := storagetest.New()
	r := startRig(t, withStorage(storage))
	storage.FailWith(errors.New("no space left on device"))
	r.requireCode(http.StatusOK, r.post(activitiesAt(time.Now().Add(10*time.Second), "a")))
	storage.FailWith(nil)
}

// What could not be written down must not be handed over: a kill would double it.
func TestWhatHasNoTimeWaitsForTheStorage(t *testing.T) {
	storage := storagetest.New()
	r := startRig(t, withStorage(storage))
	storage.FailWith(errors.New("no space left on device"))
	r.requireCode(http.StatusServiceUnavailable, r.post(activitiesAt(time.Time{}, "a")))
	r.requireCode(http.StatusOK, r.post(ids("b")))
	storage.FailWith(nil)
	r.requireCode(http.StatusOK, r.post(activitiesAt(time.Time{}, "a")))
	r.requireCode(http.StatusOK, r.post(activitiesAt(time.Time{}, "a")))
	assert.Equal(t, []string{"b", "a"}, r.sink.stored())
}

// Many that wait for the storage share one transaction.
func TestWhatHasNoTimeSharesATransaction(t *testing.T) {
	storage := storagetest.New()
	r := startRig(t, withStorage(storage))
	r.requireCode(http.StatusOK, r.post(activitiesAt(time.Time{}, many("", 500)...)))
	assert.LessOrEqual(t, storage.Saves(), 2)
	assert.Len(t, r.sink.stored(), 500)
}

func TestNothingIsWrittenWhileNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := storagetest.New()
		r := startRig(t, withPipes(t), withStorage(storage))
		time.Sleep(time.Minute)
		assert.Zero(t, storage.Saves())
		r.requireCode(http.StatusOK, r.post(ids("a")))
		r.requireCode(http.StatusOK, r.post(ids("b")))
		time.Sleep(time.Minute)
		assert.Equal(t, 1, storage.Saves())
		time.Sleep(r.config.Deduplication.TTL)
		assert.Equal(t, 2, storage.Saves(), "what has expired is deleted")
		r.stop()
	})
}

func TestStorageThatFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := storagetest.New()
		r := startRig(t, withPipes(t), withStorage(storage))
		for period := 1; period <= 2; period++ {
			storage.FailWith(errors.New("no space left on device"))
			for i := range 10 {
				r.requireCode(http.StatusOK, r.post(ids(fmt.Sprintf("%d-%d", period, i))))
				time.Sleep(saveInterval)
			}
			r.requireCode(http.StatusOK, r.post(ids(fmt.Sprintf("%d-0", period))))
			assert.Equal(t, period, r.logs.FilterMessageSnippet("remembered in memory only").Len(), "one line each time")
			storage.FailWith(nil)
			time.Sleep(saveInterval)
			synctest.Wait()
		}
		left := storage.Copy()
		assert.Len(t, r.sink.stored(), 20)
		r.stop()

		after := startRig(t, withPipes(t), withStorage(left))
		after.requireCode(http.StatusOK, after.post(ids(r.sink.stored()...)))
		assert.Empty(t, after.sink.stored())
		after.stop()
	})
}

func TestStorageThatFailsAtTheEnd(t *testing.T) {
	storage := storagetest.New()
	r := startRig(t, withStorage(storage))
	r.requireCode(http.StatusOK, r.post(ids("a")))
	boom := errors.New("boom")
	storage.FailWith(boom)
	r.client.CloseIdleConnections()
	require.ErrorIs(t, r.receiver.Shutdown(t.Context()), boom)
	assert.Zero(t, storage.Open())
}

func TestStorageThatCannotBeUsed(t *testing.T) {
	foreign := storagetest.New()
	foreign.Put("segments", seal.Seal([]byte("foreign")))
	closed := storagetest.New()
	closed.FailWith(errors.New("cannot open"))
	tests := map[string]struct {
		option func(*rig)
		want   string
	}{
		"foreign":        {withStorage(foreign), `deduplication::storage: "segments" has 7 bytes instead of 16: the storage is none of this receiver's`},
		"closed":         {withStorage(closed), "deduplication::storage: cannot open"},
		"not defined":    {func(r *rig) { r.config.Deduplication.Storage = &storageID }, `deduplication::storage: "file_storage" is no storage extension of this collector; define it`},
		"not a storage":  {func(r *rig) { withStorage(nil)(r); r.host.extensions[storageID] = fakeAuthenticator{} }, "is no storage extension"},
		"no such member": {func(r *rig) { withStorage(nil)(r); delete(r.host.extensions, storageID) }, "is no storage extension"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, test.option)
			require.ErrorContains(t, r.receiver.Start(t.Context(), r.host), test.want)
			// nobody is let in without the memory
			_, err := net.Dial("tcp", r.config.ServerConfig.NetAddr.Endpoint)
			require.Error(t, err)
		})
	}
	assert.Zero(t, foreign.Open())
}

// A memory that a disk has changed costs what it held: the vendor is answered, and what it
// delivers again is known as long as Loki has it.
func TestDamagedStorageIsSetAside(t *testing.T) {
	storage := storagetest.New()
	storage.Put("segments", []byte("damaged"))
	r := startRig(t, withStorage(storage))
	r.requireCode(http.StatusOK, r.post(ids("a")))
	r.stop()
	assert.Equal(t, "damaged", string(storage.Data()["damaged/segments"]))
	assert.Len(t, r.sink.stored(), 1)

	after := startRig(t, withStorage(storage.Copy()))
	after.requireCode(http.StatusOK, after.post(ids("a")))
	after.stop()
	assert.Empty(t, after.sink.stored(), "the next start has a memory again")
}
