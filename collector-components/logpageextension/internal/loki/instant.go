// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
)

// piece is how many entries of one nanosecond are read at a time, at the least.
const piece = 1000

// instant adds the entries of a query in one nanosecond. Where there are more than one
// answer has, it divides the query until each part fits. It divides by the id as long as
// ids differ: then the parts come in the order of the log, and the rest of them need not be
// read once the collector is full.
func (r *Reader) instant(ctx context.Context, query logql.Query, at span, c *collector) error {
	records, cut, err := r.entries(ctx, query, at, max(piece, 2*c.want), c.direction)
	if err != nil {
		return err
	}
	if !cut {
		c.add(records)
		return nil
	}
	name, separator, err := divider(records)
	if err != nil {
		return err
	}
	first, second := query.Divide(name, separator)
	ordered := name == idName
	skipFirst, skipSecond := false, false
	if bounded := ordered && c.behind != nil && c.behind.time == at.start; bounded {
		skipFirst = c.direction == forward && separator <= c.behind.id
		skipSecond = c.direction == backward && separator > c.behind.id
	}
	if c.direction == backward {
		first, second, skipFirst, skipSecond = second, first, skipSecond, skipFirst
	}
	if !skipFirst {
		if err := r.instant(ctx, first, at, c); err != nil {
			return err
		}
	}
	if skipSecond || ordered && c.full() {
		return nil
	}
	return r.instant(ctx, second, at, c)
}

var errAlike = errors.New("more records than one answer has share a nanosecond, and differ in nothing that a query can choose by")

// divider returns by what entries can be divided into two parts, neither of them empty.
func divider(records []record) (name, separator string, err error) {
	if separator, ok := middle(records, func(entry record) string { return entry.id }); ok {
		return idName, separator, nil
	}
	names := make(map[string]struct{})
	for _, entry := range records {
		for name := range entry.attributes {
			names[name] = struct{}{}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if !logql.IsFieldName(name) {
			continue
		}
		if separator, ok := middle(records, func(entry record) string { return entry.attributes[name] }); ok {
			return name, separator, nil
		}
	}
	if separator, ok := middle(records, func(entry record) string { return entry.line }); ok {
		return logql.Line, separator, nil
	}
	return "", "", refused(errAlike)
}

// middle returns a text that divides values near their middle; ok is false if they are
// all the same, or differ too late.
func middle(records []record, value func(record) string) (separator string, ok bool) {
	values := make([]string, len(records))
	for i := range records {
		values[i] = value(records[i])
	}
	slices.Sort(values)
	at, found := slices.BinarySearch(values, values[len(values)/2])
	if !found || at == 0 {
		// The lower half is all the same.
		at, _ = slices.BinarySearch(values, values[0]+"\x00")
	}
	if at == len(values) {
		return "", false
	}
	separator = logql.Separator(values[at-1], values[at])
	return separator, len([]rune(separator)) <= logql.MaxSeparator
}
