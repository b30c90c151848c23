// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi // import "github.com/integrationlog/integrationlog/internal/lokiapi"

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Stream is a stream of an answer to a query of logs.
type Stream struct {
	// Labels are those of the stream. Unless the request had the [CategorizeLabels]
	// header they hold the entries' structured metadata too.
	Labels  map[string]string `json:"stream"`
	Entries []Entry           `json:"values"`
}

// CategorizeLabels is the header, and its value, that keeps structured metadata apart
// from the labels, and entries of one stream together.
const (
	CategorizeLabels      = "X-Loki-Response-Encoding-Flags"
	CategorizeLabelsValue = "categorize-labels"
)

// Entry is one entry of a stream.
type Entry struct {
	// Time is in nanoseconds since the Unix epoch.
	Time     int64
	Line     string
	Metadata map[string]string
}

// UnmarshalJSON reads [time, line] or [time, line, {"structuredMetadata": …}].
func (e *Entry) UnmarshalJSON(data []byte) error {
	var (
		text     string
		metadata struct {
			StructuredMetadata map[string]string `json:"structuredMetadata"`
		}
		line  *string
		parts = []any{&text, &line, &metadata}
	)
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	if line == nil {
		return fmt.Errorf("an entry of %d parts", len(parts))
	}
	ns, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	*e = Entry{Time: ns, Line: *line, Metadata: metadata.StructuredMetadata}
	return nil
}

// Series is a series of an answer to a metric query; an instant query has one point.
type Series struct {
	Labels map[string]string
	Points []Point
}

// Point is a value at a time.
type Point struct {
	// Time is in seconds since the Unix epoch, with a fraction.
	Time  float64
	Value float64
}

// UnmarshalJSON reads [seconds, "value"].
func (p *Point) UnmarshalJSON(data []byte) error {
	var text string
	parts := []any{&p.Time, &text}
	if err := json.Unmarshal(data, &parts); err != nil {
		return err
	}
	value, err := strconv.ParseFloat(text, 64)
	p.Value = value
	return err
}

type answer[R any] struct {
	Status   string   `json:"status"`
	Warnings []string `json:"warnings"`
	Data     struct {
		ResultType string `json:"resultType"`
		Result     R      `json:"result"`
	} `json:"data"`
}

// Streams reads the answer to a query of logs. Warnings tell in what it is not whole.
func Streams(body []byte) (streams []Stream, warnings []string, err error) {
	var a answer[[]Stream]
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotLoki, err)
	}
	if a.Status != "success" || a.Data.ResultType != "streams" {
		return nil, nil, fmt.Errorf("%w: status %.20q, result type %.20q", ErrNotLoki, a.Status, a.Data.ResultType)
	}
	return a.Data.Result, a.Warnings, nil
}

// Samples reads the answer to a metric query. Warnings tell in what it is not whole.
func Samples(body []byte) (series []Series, warnings []string, err error) {
	var a answer[[]struct {
		Metric map[string]string `json:"metric"`
		Value  *Point            `json:"value"`
		Values []Point           `json:"values"`
	}]
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrNotLoki, err)
	}
	if t := a.Data.ResultType; a.Status != "success" || t != "vector" && t != "matrix" {
		return nil, nil, fmt.Errorf("%w: status %.20q, result type %.20q", ErrNotLoki, a.Status, t)
	}
	for _, result := range a.Data.Result {
		points := result.Values
		if result.Value != nil {
			points = append(points, *result.Value)
		}
		series = append(series, Series{Labels: result.Metric, Points: points})
	}
	return series, a.Warnings, nil
}

// LabelSets reads the answer to a question for series.
func LabelSets(body []byte) ([]map[string]string, error) {
	var a struct {
		Status string              `json:"status"`
		Data   []map[string]string `json:"data"`
	}
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotLoki, err)
	}
	if a.Status != "success" {
		return nil, fmt.Errorf("%w: status %.20q", ErrNotLoki, a.Status)
	}
	return a.Data, nil
}
