// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	// stormConnections is how many redeliveries are under way at a time.
	stormConnections = 32
	// stormPause is how long each of them waits after one that was not acknowledged: the
	// program may be down.
	stormPause = 50 * time.Millisecond
)

// Storm posts again what was posted, each delivery several times, until each repetition
// was acknowledged or the time is over. It returns how many were.
func (l *Load) Storm(ctx context.Context, within time.Duration, times int, posted []ledger.Entry) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	work := make(chan harness.Delivery)
	var acknowledged atomic.Int64
	var workers sync.WaitGroup
	for range stormConnections {
		workers.Go(func() {
			for d := range work {
				for ctx.Err() == nil {
					if answer, err := d.Send(ctx); err == nil && answer.Code/100 == 2 {
						acknowledged.Add(1)
						break
					}
					pause(ctx)
				}
			}
		})
	}
	deliveries := l.again(posted)
	for range times {
		for _, d := range deliveries {
			work <- d
		}
	}
	close(work)
	workers.Wait()
	if n, want := int(acknowledged.Load()), times*len(deliveries); n < want {
		return n, fmt.Errorf("%d redeliveries of %d were acknowledged within %s", n, want, within)
	}
	return int(acknowledged.Load()), nil
}

// pause waits, or until the context ends.
func pause(ctx context.Context) {
	timer := time.NewTimer(stormPause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// again makes the deliveries of activities anew, without those that were fetched, and those
// that nobody sends again.
func (l *Load) again(posted []ledger.Entry) []harness.Delivery {
	var deliveries []harness.Delivery
	seen := map[string]bool{}
	for i := range posted {
		e := &posted[i]
		for _, p := range l.pushers {
			number := e.Number
			if p.product == activity.SunshineConversations {
				number /= batch
			}
			if p.once || p.product != e.Product || seen[fmt.Sprint(p.product, number)] {
				continue
			}
			seen[fmt.Sprint(p.product, number)] = true
			deliveries = append(deliveries, l.delivery(p, number, e.At))
		}
	}
	return deliveries
}
