// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

var errFull = errors.New("the queue is full")

// gated is a receiver in a world with a clock of its own, whose pipeline takes
// nothing until it is told to.
func gated(t *testing.T, options ...func(*rig)) (*rig, *gate) {
	t.Helper()
	g := newGate()
	return startRig(t, append([]func(*rig){withPipes(t), withConsume(g.consume)}, options...)...), g
}

// many returns n ids.
func many(prefix string, n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return list
}

func TestLoneWebhookWaitsForNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRig(t, withPipes(t))
		begin := time.Now()
		for i := range 10 {
			r.requireCode(http.StatusOK, r.post(ids(fmt.Sprint(i))))
		}
		assert.Zero(t, time.Since(begin))
		assert.Len(t, r.sink.handovers(), 10)
		r.stop()
	})
}

func TestWhatArrivesMeanwhileSharesTheNextHandover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		first := r.postLater(ids("first"))
		require.Equal(t, []string{"first"}, <-g.entered)

		want := many("later", 50)
		var answers []<-chan answer
		for _, id := range want {
			answers = append(answers, r.postLater(ids(id)))
			synctest.Wait() // so that they arrive in this order
		}
		assert.Len(t, r.sink.handovers(), 1)

		g.proceed <- nil
		r.requireCode(http.StatusOK, <-first)
		assert.Equal(t, want, <-g.entered, "in the order of arrival")
		g.proceed <- nil
		for _, a := range answers {
			r.requireCode(http.StatusOK, <-a)
		}
		assert.Len(t, r.sink.handovers(), 2)
		assert.EqualValues(t, 51, r.accepted())
		shared := histogram[int64](r, "otelcol_webhook_handover_activities")
		assert.EqualValues(t, 2, shared.Count)
		assert.EqualValues(t, 51, shared.Sum)
		r.stop()
	})
}

// shared brings three requests into one hand-over, the second of them with two
// activities, and returns it when it has reached the pipeline.
func shared(r *rig, g *gate) []<-chan answer {
	first := r.postLater(ids("first"))
	<-g.entered
	var answers []<-chan answer
	for _, body := range []string{ids("a"), ids("b1", "b2"), ids("c")} {
		answers = append(answers, r.postLater(body))
		synctest.Wait()
	}
	g.proceed <- nil
	r.requireCode(http.StatusOK, <-first)
	require.Equal(r.t, []string{"a", "b1", "b2", "c"}, <-g.entered)
	return answers
}

func TestNobodyPaysForANeighbour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		answers := shared(r, g)
		never := consumererror.NewPermanent(errors.New("never"))
		g.proceed <- never
		assert.Equal(t, []string{"a"}, <-g.entered)
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-answers[0])
		assert.Equal(t, []string{"b1", "b2"}, <-g.entered, "what one request brought stays together")
		g.proceed <- never
		r.requireCode(http.StatusBadRequest, <-answers[1])
		assert.Equal(t, []string{"c"}, <-g.entered)
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-answers[2])

		assert.Equal(t, []string{"first", "a", "c"}, r.sink.stored())
		assert.EqualValues(t, 3, r.accepted())
		assert.EqualValues(t, 2, r.refused())
		assert.EqualValues(t, 1, r.rejected(Refused))
		assert.EqualValues(t, 1, r.allRejected())

		// the one that was refused is not remembered
		again := r.postLater(ids("b1"))
		assert.Equal(t, []string{"b1"}, <-g.entered)
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-again)
		r.stop()
	})
}

// One of them may meet a pipeline that is full by then.
func TestMembersMayEndDifferently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		answers := shared(r, g)
		g.proceed <- consumererror.NewPermanent(errors.New("never"))
		for i, err := range []error{nil, errFull, consumererror.NewPermanent(errors.New("never"))} {
			<-g.entered
			g.proceed <- err
			r.requireCode([]int{200, 503, 400}[i], <-answers[i])
		}
		r.stop()
	})
}

func TestWhatIsNotTakenNowIsNobodysFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		answers := shared(r, g)
		g.proceed <- errFull
		for _, a := range answers {
			r.requireCode(http.StatusServiceUnavailable, <-a)
		}
		assert.Len(t, r.sink.handovers(), 2, "none is tried again by itself")
		assert.EqualValues(t, 4, r.refused())
		assert.EqualValues(t, 3, r.rejected(Unavailable))
		r.stop()
	})
}

// A record that some component cannot stand must not end the collector again and
// again, and its neighbours must not pay for it either.
func TestPipelineThatPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		r.sink.consume = func(ctx context.Context, list []string) error {
			err := g.consume(ctx, list)
			if slices.Contains(list, "b1") {
				panic("a bug")
			}
			return err
		}
		answers := shared(r, g)
		g.proceed <- nil
		for i, code := range []int{200, 503, 200} {
			<-g.entered
			g.proceed <- nil
			r.requireCode(code, <-answers[i])
		}
		assert.Equal(t, []string{"first", "a", "c"}, r.sink.stored())
		assert.Contains(t, r.logLines(), "the pipeline panicked: a bug")
		assert.Contains(t, r.logLines(), "handover_test.go", "where it was")
		r.stop()
	})
}

// The vendor is told to come again in time; what becomes of the activity is
// remembered all the same.
func TestOutcomeAfterTheDeadline(t *testing.T) {
	for name, late := range map[string]error{"accepted": nil, "failed": errFull} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, g := gated(t)
				begin := time.Now()
				inFlight := r.postLater(ids("a"))
				first := <-g.entered
				waiting := r.postLater(ids("b"))
				r.requireCode(http.StatusServiceUnavailable, <-inFlight)
				r.requireCode(http.StatusServiceUnavailable, <-waiting)
				assert.Equal(t, r.config.Timeout, time.Since(begin))
				assert.EqualValues(t, 2, r.rejected(Unavailable))

				g.proceed <- late
				second := <-g.entered
				g.proceed <- late
				synctest.Wait()
				assert.Equal(t, []string{"a", "b"}, slices.Concat(first, second))

				again := r.postLater(ids("a", "b"))
				if late != nil {
					assert.Equal(t, []string{"a", "b"}, <-g.entered)
					g.proceed <- nil
				}
				r.requireCode(http.StatusOK, <-again)
				assert.ElementsMatch(t, []string{"a", "b"}, r.sink.stored())
				r.stop()
			})
		})
	}
}

func TestHandoverHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRig(t, withPipes(t), withConsume(func(ctx context.Context, _ []string) error {
			<-ctx.Done()
			return ctx.Err()
		}))
		r.requireCode(http.StatusServiceUnavailable, r.post(ids("a")))
		begin := time.Now()
		r.stop()
		assert.Less(t, time.Since(begin), time.Second, "the hand-over is over")
	})
}

func TestNotTooManyWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		inFlight := r.postLater(ids("first"))
		<-g.entered
		body := ids(many("x", maxWaiting)...)
		waiting := r.postLater(body)
		synctest.Wait()

		r.requireCode(http.StatusServiceUnavailable, r.post(ids("one more")))
		assert.EqualValues(t, 1, r.rejected(Overload))

		g.proceed <- nil
		r.requireCode(http.StatusOK, <-inFlight)
		assert.Len(t, <-g.entered, maxWaiting, "what one request brings is not divided")
		again := r.postLater(ids("one more"))
		synctest.Wait()
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-waiting)
		assert.Equal(t, []string{"one more"}, <-g.entered)
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-again)
		r.stop()
	})
}

func TestNotTooManyShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		answers := []<-chan answer{r.postLater(ids("first"))}
		<-g.entered
		sizes := []int{maxShared / 2, maxShared / 2, 1, 2 * maxShared, maxShared - 1, 1}
		for i, n := range sizes {
			answers = append(answers, r.postLater(ids(many(fmt.Sprintf("%d-", i), n)...)))
			synctest.Wait()
		}
		for _, want := range []int{maxShared, 1, 2 * maxShared, maxShared} {
			g.proceed <- nil
			assert.Len(t, <-g.entered, want)
		}
		g.proceed <- nil
		for _, a := range answers {
			r.requireCode(http.StatusOK, <-a)
		}
		r.stop()
	})
}

func TestClientThatGoesAwayTakesNobodyAlong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, g := gated(t)
		leave := func(body string) (<-chan answer, context.CancelFunc) {
			ctx, cancel := context.WithCancel(t.Context())
			answers := make(chan answer, 1)
			request := r.signed(body).WithContext(ctx)
			go func() { answers <- r.do(request) }()
			synctest.Wait()
			return answers, cancel
		}
		a, leaveA := leave(ids("a"))
		require.Equal(t, []string{"a"}, <-g.entered)
		b, leaveB := leave(ids("b"))
		c := r.postLater(ids("c"))
		synctest.Wait()
		leaveA()
		leaveB()
		require.ErrorIs(t, (<-a).err, context.Canceled)
		require.ErrorIs(t, (<-b).err, context.Canceled)
		synctest.Wait()

		g.proceed <- nil
		assert.Equal(t, []string{"b", "c"}, <-g.entered)
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-c)
		r.requireCode(http.StatusOK, r.post(ids("a", "b", "c")))
		assert.Equal(t, []string{"a", "b", "c"}, r.sink.stored())
		assert.EqualValues(t, 3, r.duplicates())
		r.stop()
	})
}

// Vendors deliver until they get a 200, several at a time and again and again, and
// the pipeline fails as it likes: each activity is stored once.
func TestStress(t *testing.T) {
	const senders, activities = 8, 150
	r := startRig(t, withConsume(func(_ context.Context, list []string) error {
		switch rand.IntN(6) {
		case 0:
			return errFull
		case 1:
			if len(list) > 1 {
				return consumererror.NewPermanent(errors.New("one of them"))
			}
		}
		return nil
	}))
	var group sync.WaitGroup
	for sender := range senders {
		group.Go(func() {
			for i := range activities {
				// each activity is delivered by two senders
				list := []string{fmt.Sprintf("%d-%d", sender/2, i)}
				if i%10 == 0 {
					list = append(list, fmt.Sprintf("%d-%d", sender/2, (i+37)%activities), list[0])
				}
				for r.post(ids(list...)).code != http.StatusOK {
					continue
				}
			}
		})
	}
	group.Wait()
	stored := r.sink.stored()
	assert.Len(t, stored, senders/2*activities)
	slices.Sort(stored)
	assert.Len(t, slices.Compact(stored), senders/2*activities, "something was stored twice")
	assert.EqualValues(t, len(stored), r.accepted())
}
