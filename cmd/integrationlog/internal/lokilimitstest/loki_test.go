// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitstest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// loki is the address of a Loki with the project's own configuration.
type loki string

func startLoki(t *testing.T) loki {
	t.Helper()
	factory := embeddedlokiextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*embeddedlokiextension.Config)
	cfg.Directory = t.TempDir()
	cfg.HTTP.Endpoint = freeEndpoint(t)
	cfg.GRPC.Endpoint = "127.0.0.1:0"
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, extension.Shutdown(context.WithoutCancel(t.Context()))) })
	return loki("http://" + cfg.HTTP.Endpoint)
}

func freeEndpoint(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}

// push sends logs as the exporter does.
func (l loki) push(t *testing.T, logs plog.Logs) (status int, answer string) {
	t.Helper()
	payload, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	return l.do(t, http.MethodPost, "/otlp/v1/logs", payload)
}

func (l loki) do(t *testing.T, method, path string, payload []byte) (status int, answer string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, string(l)+path, bytes.NewReader(payload))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-protobuf")
	request.Close = true
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

// query returns what Loki stored of an account, an entry a line.
func (l loki) query(t *testing.T, account string) []string {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Stream map[string]string `json:"stream"`
				Values [][2]string       `json:"values"`
			} `json:"result"`
		} `json:"data"`
	}
	now := time.Now()
	status, body := l.do(t, http.MethodGet, "/loki/api/v1/query_range?"+url.Values{
		"query": {fmt.Sprintf(`{service_namespace=~".+"} | integration_account=%q`, account)},
		"start": {nanoseconds(now.Add(-168 * time.Hour))},
		"end":   {nanoseconds(now.Add(10 * time.Minute))},
		"limit": {"5000"},
	}.Encode(), nil)
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	var entries []string
	for _, stream := range answer.Data.Result {
		for _, value := range stream.Values {
			entries = append(entries, line(stream.Stream, value[0], value[1]))
		}
	}
	slices.Sort(entries)
	return entries
}

// count returns how many entries a metric query counts.
func (l loki) count(t *testing.T) int {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Value []any `json:"value"`
			} `json:"result"`
		} `json:"data"`
	}
	status, body := l.do(t, http.MethodGet, "/loki/api/v1/query?"+url.Values{
		"query": {`sum(count_over_time({service_namespace=~".+"}[168h]))`},
		"time":  {nanoseconds(time.Now().Add(10 * time.Minute))},
	}.Encode(), nil)
	require.Equal(t, http.StatusOK, status, body)
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	require.Len(t, answer.Data.Result, 1)
	count, err := strconv.Atoi(answer.Data.Result[0].Value[1].(string))
	require.NoError(t, err)
	return count
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

// expected returns what Loki has to store, in the form of [loki.query].
func expected(t *testing.T, logs plog.Logs) []string {
	t.Helper()
	entries, err := lokilimitstest.Entries(logs)
	require.NoError(t, err)
	lines := make([]string, len(entries))
	for i, entry := range entries {
		labels := map[string]string{}
		maps.Copy(labels, entry.Labels)
		for _, pair := range entry.Metadata {
			labels[pair.Name] = strings.ReplaceAll(pair.Value, "\uFFFD", " ") // As Loki does.
		}
		lines[i] = line(labels, strconv.FormatInt(entry.Time, 10), entry.Line)
	}
	slices.Sort(lines)
	return lines
}

// line writes an entry so that entries can be compared. Empty values are none for
// Loki, and the shard is its own.
func line(labels map[string]string, timestamp, text string) string {
	var b strings.Builder
	b.WriteString(timestamp)
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if labels[name] != "" && name != "__time_shard__" {
			fmt.Fprintf(&b, " %s=%q", name, labels[name])
		}
	}
	fmt.Fprintf(&b, " %q", text)
	return b.String()
}
