// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
)

var end = time.Date(2026, 11, 27, 10, 20, 0, 0, time.UTC)

// A counter that goes up by ten, as it is seen every 15 seconds, and an alert on it.
func TestPrometheus(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	require.NoError(t, os.WriteFile(rules, []byte(`
groups:
  - name: test
    rules:
      - {record: 'job:works:increase5m', expr: 'sum by (job) (increase(works_total[5m]))'}
      - {alert: Works, expr: 'job:works:increase5m > 5', for: 1m, labels: {severity: info}}
`), 0o600))
	p, err := Open(t.TempDir(), rules)
	require.NoError(t, err)
	defer func() { require.NoError(t, p.Close()) }()
	value := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Contains(t, r.Header.Get("Accept"), "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8")
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		fmt.Fprintf(w, "# TYPE works_total counter\nworks_total{job=\"mine\",kind=\"a\"} %d\n", value)
	}))
	defer server.Close()
	for at := end.Add(-10 * time.Minute); !at.After(end); at = at.Add(15 * time.Second) {
		if at.Equal(end.Add(-3 * time.Minute)) {
			value = 10
		}
		scrape, err := Read(t.Context(), "target", "host:1", server.URL)
		require.NoError(t, err)
		require.NoError(t, p.Store(t.Context(), at, scrape))
	}
	ask := func(expr string, instant bool) []Series {
		t.Helper()
		result, err := p.Query(t.Context(), grafana.Query{Expr: expr, Instant: instant, Range: grafana.Range{From: end.Add(-10 * time.Minute), To: end}, Step: time.Minute})
		require.NoError(t, err)
		return result.Series
	}
	found := ask("works_total", true)
	require.Len(t, found, 1)
	assert.Equal(t, map[string]string{"__name__": "works_total", "job": "target", "exported_job": "mine", "instance": "host:1", "kind": "a"}, found[0].Labels)
	assert.InDelta(t, 10, found[0].Last(), 0)
	assert.InDelta(t, 1, ask("up", true)[0].Last(), 0)
	over := ask("works_total", false)
	require.Len(t, over[0].Points, 11)
	assert.Equal(t, end, over[0].Points[10].Time.UTC())
	assert.InDelta(t, 40, over[0].Sum(), 0, "four minutes of ten")
	firing := ask(`ALERTS{alertstate="firing"}`, true)
	require.Len(t, firing, 1)
	assert.Equal(t, "Works", firing[0].Labels["alertname"])

	values, err := p.LabelValues(t.Context(), "kind", `works_total{job="target"}`, grafana.Range{From: end.Add(-time.Hour), To: end})
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, values)

	for _, wrong := range []string{"sum(", "1"} { // a number is nothing that a panel here shows
		_, err = p.Query(t.Context(), grafana.Query{Expr: wrong, Instant: true, Range: grafana.Range{From: end, To: end}})
		require.ErrorContains(t, err, wrong)
	}
}

func TestScrapeOfAnotherTime(t *testing.T) {
	p, err := Open(t.TempDir())
	require.NoError(t, err)
	defer func() { require.NoError(t, p.Close()) }()
	scrape, err := Parse("target", "host:1", "otelcol_process_uptime 2\nprocess_start_time_seconds 5\nworks_total 7\n")
	require.NoError(t, err)
	require.NoError(t, p.Store(t.Context(), end.Add(-time.Minute), scrape.Of(end.Add(-time.Hour), end.Add(-time.Minute))))
	require.NoError(t, p.Store(t.Context(), end, scrape))
	for expr, want := range map[string][]float64{
		"otelcol_process_uptime":     {59 * 60, 2},
		"process_start_time_seconds": {float64(end.Add(-time.Hour).Unix()), 5},
		"works_total":                {7, 7},
		"up":                         {1, 1},
	} {
		result, err := p.Query(t.Context(), grafana.Query{Expr: expr, Range: grafana.Range{From: end.Add(-time.Minute), To: end}, Step: time.Minute})
		require.NoError(t, err)
		require.Len(t, result.Series, 1)
		require.Len(t, result.Series[0].Points, 2)
		for i, point := range result.Series[0].Points {
			assert.InDelta(t, want[i], point.Value, 0, expr)
		}
	}
}

func TestRulesThatCannotBe(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "rules.yaml")
	require.NoError(t, os.WriteFile(rules, []byte("groups: [{name: test, rules: [{record: 'a:b', expr: 'sum('}]}]"), 0o600))
	_, err := Open(t.TempDir(), rules)
	require.Error(t, err)
}

func TestLoki(t *testing.T) {
	var asked url.Values
	answer := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.URL.Query()
		asked.Set("path", r.URL.Path)
		assert.Equal(t, "categorize-labels", r.Header.Get("X-Loki-Response-Encoding-Flags"))
		if answer == "" {
			http.Error(w, "parse error", http.StatusBadRequest)
			return
		}
		fmt.Fprint(w, answer)
	}))
	defer server.Close()
	loki := Loki{URL: server.URL}
	r := grafana.Range{From: time.Unix(100, 0), To: time.Unix(200, 5)}

	answer = `{"data":{"resultType":"streams","result":[{"stream":{"product":"zis"},"values":[
		["150000000001","a line",{"structuredMetadata":{"activity_id":"1"},"parsed":{"level":"info"}}]]}]}}`
	result, err := loki.Query(t.Context(), grafana.Query{Expr: "{}", Range: r, Step: 1500 * time.Millisecond, Limit: 7})
	require.NoError(t, err)
	assert.Equal(t, Result{Entries: []Entry{{time.Unix(150, 1), "a line", map[string]string{"product": "zis", "activity_id": "1", "level": "info"}}}}, result)
	assert.Equal(t, url.Values{
		"path": {"/loki/api/v1/query_range"}, "query": {"{}"}, "direction": {"backward"}, "limit": {"7"}, "step": {"1500ms"},
		"start": {"100000000000"}, "end": {"200000000005"},
	}, asked)

	answer = `{"data":{"resultType":"vector","result":[{"metric":{"status":"error"},"value":[200.5,"12"]}]}}`
	result, err = loki.Query(t.Context(), grafana.Query{Expr: "sum", Range: r, Instant: true, Forward: true})
	require.NoError(t, err)
	assert.Equal(t, Result{Series: []Series{{map[string]string{"status": "error"}, []Point{{time.UnixMilli(200500), 12}}}}}, result)
	assert.Equal(t, url.Values{"path": {"/loki/api/v1/query"}, "query": {"sum"}, "direction": {"forward"}, "time": {"200000000005"}}, asked)

	answer = `{"status":"success"}`
	values, err := loki.LabelValues(t.Context(), "product", `{status="error"}`, r)
	require.NoError(t, err)
	assert.Empty(t, values)
	assert.Equal(t, "/loki/api/v1/label/product/values", asked.Get("path"))
	assert.Equal(t, `{status="error"}`, asked.Get("query"))

	answer = ""
	_, err = loki.Query(t.Context(), grafana.Query{Expr: "{"})
	require.ErrorContains(t, err, "parse error")
}
