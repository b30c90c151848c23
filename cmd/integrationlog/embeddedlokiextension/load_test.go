// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// load sends records, one in a request, and remembers those that were
// acknowledged. What is refused or lost on the way it forgets.
type load struct {
	url    string
	client *http.Client
	cancel context.CancelFunc
	wg     sync.WaitGroup
	count  atomic.Int64

	mu           sync.Mutex
	acknowledged []activity.Activity
}

func startLoad(t *testing.T, url, name string) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{url: url, client: &http.Client{Transport: &http.Transport{}}, cancel: cancel}
	for sender := range 8 {
		l.wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				l.send(ctx, happened(fmt.Sprintf("%s-%d-%d", name, sender, n), 0))
			}
		})
	}
	t.Cleanup(func() { l.stop() })
	return l
}

func (l *load) send(ctx context.Context, a activity.Activity) {
	payload, err := plogotlp.NewExportRequestFromLogs(activity.NewLogs(testScope, a)).MarshalProto()
	if err != nil {
		return
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.url, bytes.NewReader(payload))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := l.client.Do(request)
	if err != nil {
		// Nobody listens just now.
		select {
		case <-ctx.Done():
		case <-time.After(5 * time.Millisecond):
		}
		return
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
	if response.StatusCode/100 != 2 {
		return
	}
	l.count.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged = append(l.acknowledged, a)
}

// await waits until so many more records are acknowledged.
func (l *load) await(t *testing.T, more int64) {
	t.Helper()
	want := l.count.Load() + more
	require.Eventually(t, func() bool { return l.count.Load() >= want }, 30*time.Second, 5*time.Millisecond)
}

// stop ends the load and returns what was acknowledged.
func (l *load) stop() []activity.Activity {
	l.cancel()
	l.wg.Wait()
	l.client.CloseIdleConnections()
	return l.acknowledged
}

func idsOf(activities []activity.Activity) []string {
	ids := make([]string, 0, len(activities))
	for _, a := range activities {
		ids = append(ids, a.ID)
	}
	return ids
}
