// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main // import "github.com/integrationlog/integrationlog/internal/demo"

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// line is an entry of Loki with its labels and structured metadata.
type line struct {
	at     time.Time
	labels map[string]string
	text   string
}

// queryResult is the part that matters of Loki's answer to a range query.
type queryResult struct {
	Data struct {
		Result []struct {
			Stream map[string]string `json:"stream"`
			Values [][2]string       `json:"values"`
		} `json:"result"`
	} `json:"data"`
}

// query returns the lines of the last two hours, newest first.
func query(ctx context.Context, selector string) ([]line, error) {
	values := url.Values{"query": {selector}, "since": {"2h"}, "limit": {"1000"}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, lokiURL+"/loki/api/v1/query_range?"+values.Encode(), http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("loki answered %s to %s", response.Status, selector)
	}
	var result queryResult
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		return nil, fmt.Errorf("loki's answer to %s: %w", selector, err)
	}
	return result.lines()
}

func (r *queryResult) lines() ([]line, error) {
	var lines []line
	for _, stream := range r.Data.Result {
		for _, value := range stream.Values {
			nanoseconds, err := strconv.ParseInt(value[0], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("time of a line: %w", err)
			}
			lines = append(lines, line{at: time.Unix(0, nanoseconds), labels: stream.Stream, text: value[1]})
		}
	}
	slices.SortFunc(lines, func(a, b line) int { return b.at.Compare(a.at) })
	return lines, nil
}
