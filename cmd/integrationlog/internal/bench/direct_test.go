// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"golang.org/x/sync/errgroup"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench/pace"
	"github.com/integrationlog/integrationlog/internal/e2e/intakebench/wire"
)

// pushPath is where Loki takes records.
const pushPath = "/otlp/v1/logs"

// capturedRecords is how many records are taken for the direct pushes.
const capturedRecords = 1000

// captured are records as the exporter of the all-in-one sends them.
type captured struct {
	mu   sync.Mutex
	logs plog.Logs
	// pushes counts pushes, for ids.
	pushes atomic.Int64
}

// capture runs the all-in-one, posts webhooks to it and returns what it pushed to Loki.
func capture(b *testing.B) *captured {
	b.Helper()
	all := install(b)
	loki, err := url.Parse(all.Loki.URL)
	require.NoError(b, err)
	c := &captured{logs: plog.NewLogs()}
	pass := httputil.NewSingleHostReverseProxy(loki)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.URL.Path == pushPath {
			err = c.keep(body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		pass.ServeHTTP(w, r)
	}))
	b.Cleanup(server.Close)
	all.Configure("exporters::otlp_http/loki::endpoint: " + server.URL + "/otlp")
	process, _ := all.Run(b)
	load := pace.Load{Rate: capturedRecords, For: time.Second, Connections: connections}
	result, err := pace.Run(b.Context(), load, newShop(all.Shop, load, 0).connect(b))
	require.NoError(b, err)
	require.Zero(b, result.Failed, result.Error)
	all.AwaitEmptyQueue(b, within)
	process.Stop(b)
	require.Equal(b, load.Count(), c.logs.LogRecordCount())
	return c
}

func (c *captured) keep(body []byte) error {
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	request.Logs().ResourceLogs().MoveAndAppendTo(c.logs.ResourceLogs())
	return nil
}

// record returns one of them, with its resource.
func (c *captured) record(n int) (plog.ResourceLogs, plog.LogRecord) {
	n %= c.logs.LogRecordCount()
	for _, resource := range c.logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			if n < scope.LogRecords().Len() {
				return resource, scope.LogRecords().At(n)
			}
			n -= scope.LogRecords().Len()
		}
	}
	panic("there are fewer records than were counted")
}

// build returns records that happened at a time and have ids of their own. service, where it
// is not nil, changes whose the n-th is.
func (c *captured) build(at time.Time, size int, service func(n int) string) plog.Logs {
	logs := plog.NewLogs()
	for n := range size {
		number := int(c.pushes.Add(1))
		resource, record := c.record(number)
		if n == 0 || service != nil {
			appendResource(logs, resource, service, number)
		}
		resources := logs.ResourceLogs()
		to := resources.At(resources.Len() - 1).ScopeLogs().At(0).LogRecords().AppendEmpty()
		record.CopyTo(to)
		to.SetTimestamp(pcommon.NewTimestampFromTime(at))
		id := fmt.Sprintf("direct-%09d", number)
		to.Attributes().PutStr("activity.id", id)
		to.Attributes().PutStr("shopify.webhook.id", id)
	}
	return logs
}

func appendResource(logs plog.Logs, from plog.ResourceLogs, service func(n int) string, n int) {
	to := logs.ResourceLogs().AppendEmpty()
	from.Resource().CopyTo(to.Resource())
	from.ScopeLogs().At(0).Scope().CopyTo(to.ScopeLogs().AppendEmpty().Scope())
	if service != nil {
		to.Resource().Attributes().PutStr("service.name", service(n))
	}
}

// push is a request with these records.
func push(address, path string, logs plog.Logs) ([]byte, error) {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return nil, err
	}
	return wire.Request(address, path, "Content-Type: application/x-protobuf\r\n", body), nil
}

// connect returns what pushes so many records at a time to a Loki.
func (c *captured) connect(ctx context.Context, b *testing.B, loki string, size int) func() (pace.Send, error) {
	b.Helper()
	address := strings.TrimPrefix(loki, "http://")
	return func() (pace.Send, error) {
		var conn *wire.Conn
		b.Cleanup(func() {
			if conn != nil {
				_ = conn.Close()
			}
		})
		return func(_ int, at time.Time) error {
			request, err := push(address, pushPath, c.build(at, size, nil))
			if err != nil {
				return err
			}
			code, err := post(ctx, &conn, address, request)
			if err == nil && !isTaken(code) {
				err = fmt.Errorf("answered with %d", code)
			}
			return err
		}, nil
	}
}

// pushAll pushes until ctx ends, and returns how many records were taken.
func (c *captured) pushAll(ctx context.Context, b *testing.B, loki string, size, pushers int) int {
	b.Helper()
	var taken atomic.Int64
	var group errgroup.Group
	connect := c.connect(ctx, b, loki, size)
	for range pushers {
		send, err := connect()
		require.NoError(b, err)
		group.Go(func() error {
			for ctx.Err() == nil {
				if err := send(0, time.Now()); err != nil {
					return err
				}
				taken.Add(int64(size))
			}
			return nil
		})
	}
	require.NoError(b, group.Wait())
	return int(taken.Load())
}
