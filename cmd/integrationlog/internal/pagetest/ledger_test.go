// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// ledger is what has happened, newest first. It knows neither Loki nor the page.
type ledger []activity.Activity

// choice is a filter.
type choice struct {
	products, statuses, types, integrations, accounts []string
	search                                            string
	objectType, objectID                              string
	errorType, errorCode                              string
	// start is the first moment, end the first after it; each may be zero.
	start, end time.Time
}

// chooses tells whether a filter lets an activity through.
func (c *choice) chooses(a *activity.Activity) bool {
	failure := activity.Failure{}
	if a.Error != nil {
		failure = *a.Error
	}
	for _, part := range []struct {
		wanted []string
		value  string
	}{
		{c.products, string(a.Product)},
		{c.statuses, string(a.Status)},
		{c.types, a.Type},
		{c.integrations, a.IntegrationName},
		{c.accounts, a.Account},
		{one(c.objectType), a.ObjectType},
		{one(c.objectID), a.ObjectID},
		{one(c.errorType), string(failure.Type)},
		{one(c.errorCode), failure.Code},
	} {
		if len(part.wanted) > 0 && !slices.Contains(part.wanted, part.value) {
			return false
		}
	}
	says := func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(c.search)) }
	within := (c.start.IsZero() || !a.Time.Before(c.start)) && (c.end.IsZero() || a.Time.Before(c.end))
	return within && (says(a.Description) || says(failure.Message))
}

// one is a list of a value that may be missing.
func one(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

// query is the filter as the page and its API have it in their addresses.
func (c *choice) query() url.Values {
	query := url.Values{}
	for name, values := range map[string][]string{
		"product": c.products, "status": c.statuses, "type": c.types, "integration": c.integrations, "account": c.accounts,
		"q": {c.search}, "object_type": {c.objectType}, "object_id": {c.objectID}, "error_type": {c.errorType}, "error_code": {c.errorCode},
		"start": {moment(c.start)}, "end": {moment(c.end)},
	} {
		for _, value := range values {
			if value != "" {
				query.Add(name, value)
			}
		}
	}
	return query
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// chosen returns what a filter leaves.
func (l ledger) chosen(c choice) ledger {
	var left ledger
	for i := range l {
		if c.chooses(&l[i]) {
			left = append(left, l[i])
		}
	}
	return left
}

// ids returns the ids of all, which differ.
func (l ledger) ids() []string {
	ids := make([]string, len(l))
	for i := range l {
		ids[i] = l[i].ID
	}
	return ids
}

// count returns how many there are of each value.
func (l ledger) count(of func(*activity.Activity) string) map[string]int {
	counts := map[string]int{}
	for i := range l {
		counts[of(&l[i])]++
	}
	return counts
}

// with returns the ledger with more in it.
func (l ledger) with(more ...activity.Activity) ledger {
	all := append(slices.Clone(l), more...)
	slices.SortStableFunc(all, func(a, b activity.Activity) int { return b.Time.Compare(a.Time) })
	return all
}
