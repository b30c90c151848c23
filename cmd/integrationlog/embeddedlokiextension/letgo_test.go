// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// letGo makes Loki write to disk all that it has, until it holds no stream any more: what it
// does by itself half an hour after the last record of a stream.
func (c lokiClient) letGo(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool {
		status, body := c.do(t, http.MethodPost, "/flush", "", nil)
		require.Less(t, status, 300, body)
		_, metrics := c.get(t, "/metrics")
		return strings.Contains(metrics, "\nloki_ingester_memory_streams{tenant=\"fake\"} 0\n")
	}, 20*time.Second, 50*time.Millisecond)
}

// A stream is let go of again and again, and each time there is more of it before the next
// kill. Loki begins to number its records anew, and takes those with low numbers for known
// ones when it reads its write-ahead log.
func TestWhatComesAfterAStreamWasLetGoOutlivesAKill(t *testing.T) {
	t.Parallel()
	cfg := processConfig{directory: t.TempDir()}
	var ids []string
	for _, records := range []int{9, 5, 2, 7, 1, 1} {
		p := startProcess(t, cfg)
		assert.ElementsMatch(t, ids, p.loki.ids(t, all))
		push := func() {
			for range records {
				ids = append(ids, fmt.Sprint("id-", len(ids)))
				p.loki.push(t, happened(ids[len(ids)-1], time.Minute))
			}
		}
		push()
		p.loki.letGo(t)
		push()
		p.signal(t, syscall.SIGKILL)
		p.awaitExit(t)
	}
	p := startProcess(t, cfg)
	assert.ElementsMatch(t, ids, p.loki.ids(t, all))
	assert.Equal(t, len(ids), p.loki.count(t))
	p.stop(t)
}
