// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The digest was made with openssl: printf '{"id":1}' | openssl dgst -sha256 -hmac secret -binary | base64
func TestSign(t *testing.T) {
	assert.Equal(t, "A971iWIMgT8Zj9A9eWfikrFj7wQ16/Qwcc4OlRl2PLc=", NewShop("", "secret").Sign([]byte(`{"id":1}`)))
}

// A stub of Loki has three entries a second, and gives a page at most, which may end amid a second.
func TestEntriesOfManyPages(t *testing.T) {
	const entries, aSecond = 3*pageSize + 1, 3
	queries := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		queries++
		from, to := seconds(t, r, "start"), seconds(t, r, "end")
		var values []string
		for n := from * aSecond; n < min(to*aSecond, entries) && len(values) < pageSize; n++ {
			values = append(values, fmt.Sprintf(`["%d000000000","line %d"]`, n/aSecond, n))
		}
		fmt.Fprintf(w, `{"data":{"result":[{"stream":{"product":"shopify"},"values":[%s]}]}}`, strings.Join(values, ","))
	}))
	defer server.Close()

	found, err := NewLoki(server.URL).EntriesBetween(t.Context(), "{}", time.Unix(0, 0), time.Unix(1<<15, 0))
	require.NoError(t, err)
	require.Len(t, found, entries)
	for n, entry := range found {
		require.Equal(t, fmt.Sprintf("line %d", n), entry.Line)
		require.Equal(t, int64(n/aSecond), entry.Time.Unix())
	}
	assert.Equal(t, 4, queries)
}

func TestTooManyEntriesAtOneTime(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		values := strings.Repeat(`["7000000000","line"],`, pageSize)
		fmt.Fprintf(w, `{"data":{"result":[{"stream":{"product":"shopify"},"values":[%s]}]}}`, strings.TrimSuffix(values, ","))
	}))
	defer server.Close()
	_, err := NewLoki(server.URL).EntriesBetween(t.Context(), "{}", time.Unix(0, 0), time.Unix(1<<15, 0))
	require.ErrorContains(t, err, "more than 5000 entries")
}

func TestEntriesOfAFailingLoki(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "too many", http.StatusTooManyRequests)
	}))
	defer server.Close()
	_, err := NewLoki(server.URL).Entries(t.Context(), "{}")
	require.ErrorContains(t, err, "too many")
	_, err = NewLoki(server.URL).Count(t.Context(), "{}")
	require.ErrorContains(t, err, "too many")
}

func seconds(t *testing.T, r *http.Request, name string) int64 {
	t.Helper()
	nanoseconds, err := strconv.ParseInt(r.FormValue(name), 10, 64)
	if err != nil {
		t.Error(err)
	}
	return (nanoseconds + int64(time.Second) - 1) / int64(time.Second)
}

func TestRetry(t *testing.T) {
	calls := 0
	require.NoError(t, Retry(t.Context(), time.Minute, func(context.Context) error {
		calls++
		if calls < 3 {
			return errors.New("not yet")
		}
		return nil
	}))
	assert.Equal(t, 3, calls)
	never := errors.New("never")
	require.ErrorIs(t, Retry(t.Context(), time.Millisecond, func(context.Context) error { return never }), never)
}

// A webhook that fails is sent again, with the same id, unless it is given up.
func TestLoad(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.Header.Get("X-Shopify-Webhook-Id"))
		assert.NoError(t, err)
		if id%2 == 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer server.Close()
	load := StartLoad(t.Context(), NewShop(server.URL, "secret"), LoadSettings{Connections: 2, GiveUp: 2}, func(n int) Webhook {
		return Webhook{ID: strconv.Itoa(n)}
	})
	Eventually(t, time.Minute, func(context.Context) error {
		if load.Ledger.Accepted() < 20 {
			return errors.New(load.Ledger.String())
		}
		return nil
	})
	require.NoError(t, load.Stop(time.Minute))
	accepted, unanswered := load.Ledger.IDs()
	assert.Len(t, accepted, load.Ledger.Accepted())
	assert.Len(t, unanswered, load.Ledger.Answers(http.StatusServiceUnavailable))
	for id := range accepted {
		assert.Contains(t, "13579", id[len(id)-1:])
	}
}

func TestProxy(t *testing.T) {
	reached := 0
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer target.Close()
	proxy := NewProxy(t, target.URL)

	code, err := get(t.Context(), proxy.URL)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code)
	proxy.Answer(http.StatusTeapot)
	code, err = get(t.Context(), proxy.URL)
	require.NoError(t, err)
	assert.Equal(t, http.StatusTeapot, code)
	assert.Equal(t, 1, reached)
	proxy.Deceive(http.StatusBadGateway)
	code, err = get(t.Context(), proxy.URL)
	require.NoError(t, err)
	assert.Equal(t, http.StatusBadGateway, code)
	assert.Equal(t, 2, reached)
	proxy.SwitchOff()
	_, err = get(t.Context(), proxy.URL)
	require.Error(t, err)
	assert.GreaterOrEqual(t, proxy.Refused(), int64(3))
	proxy.LetThrough()
	code, err = get(t.Context(), proxy.URL)
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code)
}

func TestProcess(t *testing.T) {
	process := Start(t, Command{
		Path: "/bin/sh", Args: []string{"-c", "trap 'echo bye; exit 0' TERM; echo $GREETING; while :; do sleep 0.01; done"},
		Env: []string{"GREETING=hello"},
	})
	Eventually(t, time.Minute, func(context.Context) error {
		if len(process.Stdout.Lines("hello")) == 0 {
			return errors.New("no greeting")
		}
		return nil
	})
	assert.False(t, process.HasEnded())
	assert.Positive(t, process.RSS(t))
	process.Stop(t)
	assert.Equal(t, []string{"hello", "bye"}, process.Stdout.Lines())
	assert.True(t, process.HasEnded())
}

func TestReadMetrics(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "# TYPE otelcol_exporter_queue_size gauge\notelcol_exporter_queue_size{exporter=\"a\"} 2\notelcol_exporter_queue_size{exporter=\"b\"} 3\n")
	}))
	defer server.Close()
	metrics, err := ReadMetrics(t.Context(), server.URL)
	require.NoError(t, err)
	assert.InDelta(t, 5, metrics.Sum("otelcol_exporter_queue_size"), 0)
	assert.InDelta(t, 3, metrics.Sum("otelcol_exporter_queue_size", Label{Name: "exporter", Value: "b"}), 0)
	require.Error(t, metrics.Idle())
	require.Error(t, Metrics{}.Idle())
}

func TestPortsAreDifferent(t *testing.T) {
	ports := NewPorts(t)
	seen := map[int]bool{}
	for name, port := range ports.all() {
		assert.False(t, seen[*port], name)
		seen[*port] = true
		assert.True(t, isFree(t, *port))
	}
}
