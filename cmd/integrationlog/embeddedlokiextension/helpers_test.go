// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// day is what retention is counted in.
const day = 24 * time.Hour

// testConfig returns a configuration with ports of its own.
func testConfig(directory string) *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Directory = directory
	cfg.HTTP.Endpoint = "127.0.0.1:0"
	cfg.GRPC.Endpoint = "127.0.0.1:0"
	return cfg
}

// startLoki starts an extension and stops it with the test.
func startLoki(t *testing.T, cfg *Config) (*embeddedLoki, lokiClient) {
	t.Helper()
	return startLokiWithLogger(t, cfg, zaptest.NewLogger(t, zaptest.Level(zap.WarnLevel)))
}

func startLokiWithLogger(t *testing.T, cfg *Config, logger *zap.Logger) (*embeddedLoki, lokiClient) {
	t.Helper()
	require.NoError(t, cfg.Validate())
	ext := newEmbeddedLoki(cfg, logger)
	require.NoError(t, ext.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { stopLoki(t, ext) })
	httpAddr, _ := ext.instance.Addresses()
	return ext, lokiClient("http://" + httpAddr.String())
}

func stopLoki(t *testing.T, ext *embeddedLoki) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	require.NoError(t, ext.Shutdown(ctx))
}

// lokiClient is the address of a Loki, http://host:port.
type lokiClient string

var testScope = activity.Scope{Name: "github.com/integrationlog/integrationlog/test"}

// push sends activities as the exporter does and expects them to be stored.
func (c lokiClient) push(t *testing.T, activities ...activity.Activity) {
	t.Helper()
	status, body := c.tryPush(t, activity.NewLogs(testScope, activities...))
	require.Equal(t, http.StatusNoContent, status, body)
}

func (c lokiClient) tryPush(t *testing.T, logs plog.Logs) (status int, body string) {
	t.Helper()
	payload, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return c.do(t, http.MethodPost, "/otlp/v1/logs", "application/x-protobuf", payload)
}

func (c lokiClient) do(t *testing.T, method, path, contentType string, payload []byte) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, string(c)+path, bytes.NewReader(payload))
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	// No connection outlives the request, so none is left over at the end.
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func (c lokiClient) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	return c.do(t, http.MethodGet, path, "", nil)
}

// all selects every record of the log.
const all = `{service_namespace="integrations"}`

// lines returns the ids of the records that a log query returns.
func (c lokiClient) ids(t *testing.T, query string) []string {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Stream map[string]string
				Values [][]any
			}
		}
	}
	c.query(t, "/loki/api/v1/query_range", url.Values{
		"query": {query}, "limit": {"5000"},
		"start": {nanoseconds(-20 * day)}, "end": {nanoseconds(time.Hour)},
	}, &answer)
	var ids []string
	for _, stream := range answer.Data.Result {
		for range stream.Values {
			ids = append(ids, stream.Stream["activity_id"])
		}
	}
	return ids
}

// count returns the number of all records, as a metric query counts them: none that
// is ahead of the clock.
func (c lokiClient) count(t *testing.T) int {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct{ Value []any }
		}
	}
	c.query(t, "/loki/api/v1/query", url.Values{
		"query": {"sum(count_over_time(" + all + "[7d]))"},
		"time":  {nanoseconds(0)},
	}, &answer)
	if len(answer.Data.Result) == 0 {
		return 0
	}
	count, err := strconv.Atoi(answer.Data.Result[0].Value[1].(string))
	require.NoError(t, err)
	return count
}

// countByHour returns the number of all records of the six days before end, as a chart
// of one point an hour counts them. The same end makes the same query.
func (c lokiClient) countByHour(t *testing.T, end time.Time) int {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct{ Values [][2]any }
		}
	}
	c.query(t, "/loki/api/v1/query_range", url.Values{
		"query": {"sum(count_over_time(" + all + "[1h]))"}, "step": {"1h"},
		"start": {strconv.FormatInt(end.Add(-6*day).UnixNano(), 10)}, "end": {strconv.FormatInt(end.UnixNano(), 10)},
	}, &answer)
	total := 0
	for _, series := range answer.Data.Result {
		for _, value := range series.Values {
			n, err := strconv.Atoi(value[1].(string))
			require.NoError(t, err)
			total += n
		}
	}
	return total
}

// labels returns the names of all labels.
func (c lokiClient) labels(t *testing.T) []string {
	t.Helper()
	var answer struct{ Data []string }
	c.query(t, "/loki/api/v1/labels", url.Values{"start": {nanoseconds(-20 * day)}}, &answer)
	return answer.Data
}

func (c lokiClient) query(t *testing.T, path string, parameters url.Values, answer any) {
	t.Helper()
	status, body := c.get(t, path+"?"+parameters.Encode())
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), answer), body)
}

func nanoseconds(fromNow time.Duration) string {
	return strconv.FormatInt(time.Now().Add(fromNow).UnixNano(), 10)
}

// happened returns an activity that took place some time ago.
func happened(id string, ago time.Duration) activity.Activity {
	return happenedAt(id, time.Now().Add(-ago))
}

func happenedAt(id string, at time.Time) activity.Activity {
	return activity.Activity{
		ID: id, Product: activity.Shopify, Status: activity.Info, Type: "order",
		Evidence: activity.Reported, Account: "acme.myshopify.com",
		Time: at, Description: "Order #1001 created",
	}
}
