// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package source // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/source"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
)

// Loki asks a Loki that runs at URL.
type Loki struct{ URL string }

// Query asks as the data source does: at the steps of the panel, and with the labels told
// apart from the rest.
func (l Loki) Query(ctx context.Context, q grafana.Query) (Result, error) {
	parameters := url.Values{"query": {q.Expr}, "direction": {"backward"}}
	if q.Forward {
		parameters.Set("direction", "forward")
	}
	if q.Limit > 0 {
		parameters.Set("limit", strconv.Itoa(q.Limit))
	}
	path := "query"
	if q.Instant {
		parameters.Set("time", nanoseconds(q.Range.To))
	} else {
		path = "query_range"
		parameters.Set("start", nanoseconds(q.Range.From))
		parameters.Set("end", nanoseconds(q.Range.To))
		parameters.Set("step", fmt.Sprintf("%dms", q.Step.Milliseconds()))
	}
	var answer struct {
		Data struct {
			Type   string          `json:"resultType"`
			Result json.RawMessage `json:"result"`
		} `json:"data"`
	}
	if err := l.get(ctx, path, parameters, &answer); err != nil {
		return Result{}, fmt.Errorf("%s: %w", q.Expr, err)
	}
	return readResult(answer.Data.Type, answer.Data.Result)
}

// LabelValues returns the values that a label has, as a variable asks for them. Loki
// answers without data where there is none.
func (l Loki) LabelValues(ctx context.Context, label, selector string, r grafana.Range) ([]string, error) {
	var answer struct {
		Data []string `json:"data"`
	}
	err := l.get(ctx, "label/"+url.PathEscape(label)+"/values", url.Values{
		"query": {selector}, "start": {nanoseconds(r.From)}, "end": {nanoseconds(r.To)},
	}, &answer)
	return answer.Data, err
}

func (l Loki) get(ctx context.Context, path string, parameters url.Values, answer any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, l.URL+"/loki/api/v1/"+path+"?"+parameters.Encode(), http.NoBody)
	if err != nil {
		return err
	}
	request.Header.Set("X-Loki-Response-Encoding-Flags", "categorize-labels")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("loki answered %s: %.500s", response.Status, text)
	}
	return json.Unmarshal(text, answer)
}

func nanoseconds(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func readResult(kind string, text json.RawMessage) (Result, error) {
	switch kind {
	case "streams":
		return readStreams(text)
	case "vector", "matrix":
		return readNumbers(text)
	default:
		return Result{}, fmt.Errorf("a result of type %q", kind)
	}
}

func readStreams(text json.RawMessage) (Result, error) {
	var streams []struct {
		Labels map[string]string   `json:"stream"`
		Values [][]json.RawMessage `json:"values"`
	}
	if err := json.Unmarshal(text, &streams); err != nil {
		return Result{}, err
	}
	var result Result
	for _, stream := range streams {
		for _, value := range stream.Values {
			entry, err := readEntry(value, stream.Labels)
			if err != nil {
				return Result{}, err
			}
			result.Entries = append(result.Entries, entry)
		}
	}
	return result, nil
}

// readEntry reads a time, a line, and what is no label.
func readEntry(value []json.RawMessage, labels map[string]string) (Entry, error) {
	if len(value) != 3 {
		return Entry{}, fmt.Errorf("an entry of %d parts", len(value))
	}
	var at string
	var more struct {
		Metadata map[string]string `json:"structuredMetadata"`
		Parsed   map[string]string `json:"parsed"`
	}
	entry := Entry{Labels: maps.Clone(labels)}
	err := errors.Join(json.Unmarshal(value[0], &at), json.Unmarshal(value[1], &entry.Line), json.Unmarshal(value[2], &more))
	if err != nil {
		return Entry{}, err
	}
	maps.Copy(entry.Labels, more.Metadata)
	maps.Copy(entry.Labels, more.Parsed)
	since, err := strconv.ParseInt(at, 10, 64)
	entry.Time = time.Unix(0, since)
	return entry, err
}

func readNumbers(text json.RawMessage) (Result, error) {
	var rows []struct {
		Labels map[string]string `json:"metric"`
		Value  json.RawMessage   `json:"value"`
		Values []json.RawMessage `json:"values"`
	}
	if err := json.Unmarshal(text, &rows); err != nil {
		return Result{}, err
	}
	var result Result
	for _, row := range rows {
		series := Series{Labels: row.Labels}
		if row.Value != nil {
			row.Values = append(row.Values, row.Value)
		}
		for _, value := range row.Values {
			point, err := readPoint(value)
			if err != nil {
				return Result{}, err
			}
			series.Points = append(series.Points, point)
		}
		result.Series = append(result.Series, series)
	}
	return result, nil
}

// readPoint reads seconds, and a number in a text.
func readPoint(text json.RawMessage) (Point, error) {
	var at float64
	var number string
	if err := json.Unmarshal(text, &[]any{&at, &number}); err != nil {
		return Point{}, err
	}
	value, err := strconv.ParseFloat(number, 64)
	return Point{time.UnixMilli(int64(math.Round(at * 1000))), value}, err
}
