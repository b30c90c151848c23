// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whoever goes on asking does not hold up the stop: Loki would leave a query without an
// answer that comes when those have stopped who answer it.
func TestStopsWhileAsked(t *testing.T) {
	for range 3 {
		ext, loki := startLoki(t, testConfig(t.TempDir()))
		loki.push(t, happened("at once", 0))
		asking := askWithoutEnd(t, loki)
		began := time.Now()
		stopLoki(t, ext)
		took := time.Since(began)
		asking.stop()
		t.Logf("stopped after %s and %d answers", took, asking.answers.Load())
		assert.Positive(t, asking.answers.Load())
		assert.Less(t, took, 10*time.Second)
	}
}

// asking are queries that follow one another, from several sides.
type asking struct {
	stop    func()
	answers atomic.Int64
}

// askWithoutEnd begins to ask, and returns after the first answers.
func askWithoutEnd(t *testing.T, loki lokiClient) *asking {
	t.Helper()
	const sides, first = 8, 20
	ctx, cancel := context.WithCancel(t.Context())
	transport := &http.Transport{}
	a := &asking{}
	var running sync.WaitGroup
	for range sides {
		running.Go(func() {
			for ctx.Err() == nil {
				if ask(ctx, transport, loki) == nil {
					a.answers.Add(1)
				}
			}
		})
	}
	a.stop = sync.OnceFunc(func() {
		cancel()
		running.Wait()
		transport.CloseIdleConnections()
	})
	t.Cleanup(a.stop)
	require.Eventually(t, func() bool { return a.answers.Load() >= first }, 30*time.Second, time.Millisecond)
	return a
}

func ask(ctx context.Context, transport http.RoundTripper, loki lokiClient) error {
	query := url.Values{"query": {"sum(count_over_time(" + all + "[168h]))"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, string(loki)+"/loki/api/v1/query?"+query.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return errors.Join(err, response.Body.Close())
}
