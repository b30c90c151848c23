// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// direction is in which order entries are read.
type direction string

const (
	backward direction = "backward"
	forward  direction = "forward"
)

// entries returns the entries of a query in a stretch of time that is no longer than Loki
// allows. If cut is set there may be more, behind those or at the time of the last of them:
// which ones of a nanosecond Loki returns is not defined.
func (r *Reader) entries(ctx context.Context, query logql.Query, within span, limit int, d direction) (records []record, cut bool, err error) {
	since := lokiapi.Since(within.start)
	for {
		limit = min(limit, r.limits.maxEntries())
		body, err := r.client.ask(ctx, lokiapi.QueryRangePath, url.Values{
			"query":     {query.String()},
			"start":     {nanoseconds(since)},
			"end":       {nanoseconds(within.end)},
			"limit":     {strconv.Itoa(limit)},
			"direction": {string(d)},
		})
		switch {
		case err == nil:
			records, err = readRecords(body)
			read := len(records)
			records = slices.DeleteFunc(records, func(entry record) bool { return entry.time < within.start })
			switch {
			case read < limit || len(records) == read:
				return records, read >= limit, err
			case d == backward:
				return records, false, err // nothing is behind what was left out
			case limit < r.limits.maxEntries():
				limit *= 2
			default:
				since = within.start // an answer is full of the nanosecond before
			}
		case errors.Is(err, errTooLarge) && limit > 1:
			limit /= 2
		case errors.Is(err, errTooLarge):
			return nil, false, refused(fmt.Errorf("a record at %d ns is larger than %d bytes", within.start, maxAnswer))
		default:
			r.limits.learn(err, within.length())
			oldest := r.limits.oldest(r.now())
			switch {
			case limit > r.limits.maxEntries():
			case isTooOld(err) && within.end <= oldest:
				return nil, false, nil
			case isTooOld(err) && within.start < oldest:
				within.start, since = oldest, oldest
			default:
				return nil, false, err
			}
		}
	}
}

func readRecords(body []byte) ([]record, error) {
	streams, warnings, err := lokiapi.Streams(body)
	if err == nil {
		err = whole(warnings)
	}
	if err != nil {
		return nil, refused(err)
	}
	var records []record
	for _, stream := range streams {
		for _, entry := range stream.Entries {
			records = append(records, newRecord(stream.Labels, entry))
		}
	}
	return records, nil
}

// whole returns an error if warnings say that an answer has only a part.
func whole(warnings []string) error {
	for _, warning := range warnings {
		if strings.Contains(warning, "partial") {
			return fmt.Errorf("Loki answered in part only: %.300q", warning) //nolint:staticcheck // Loki is a name
		}
	}
	return nil
}
