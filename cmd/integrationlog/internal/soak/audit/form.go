// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
)

// vendorsOwn are numbers that vendors give and no sender knows, and those that it cannot
// tell: how often an invocation was tried is asked for, and not always answered. The shard
// is Loki's own, by the hour.
var vendorsOwn = []string{
	"activity_id", "__time_shard__", "salesforce_event_id", "salesforce_replay_id", "salesforce_commit_number", "salesforce_transaction_key", "webhooks_invocation_id", "webhooks_attempts",
	"salesforce_event_log_file_id",
}

// keyOf returns what an entry is about. The id of a call to Salesforce's API is a digest of
// what Salesforce tells; it is known by the request's.
func keyOf(entry harness.Entry) ledger.Key {
	if request := entry.Labels["salesforce_request_id"]; request != "" {
		return ledger.Key{Product: activity.Salesforce, ID: request}
	}
	return ledger.Key{Product: activity.Product(entry.Labels["product"]), ID: entry.Labels["activity_id"]}
}

// isNotice tells whether the product wrote an entry by itself.
func isNotice(entry harness.Entry) bool {
	_, gap := entry.Labels["webhooks_gap_end"]
	return gap || strings.Contains(entry.Labels["activity_id"], "/replay_lost/")
}

// formOf is an entry without what the number and the time of its activity have put there.
func formOf(a ledger.Activity, entry harness.Entry) string {
	replace := strings.NewReplacer(traces(a)...)
	var text strings.Builder
	fmt.Fprintf(&text, "%q", replace.Replace(entry.Line))
	for _, name := range slices.Sorted(maps.Keys(entry.Labels)) {
		value := replace.Replace(entry.Labels[name])
		if slices.Contains(vendorsOwn, name) {
			value = "…"
		}
		fmt.Fprintf(&text, " %s=%q", name, value)
	}
	return text.String()
}

// traces are what a number and a time leave in an entry, each followed by what stands for
// it: the samples put the number into ids in several forms.
func traces(a ledger.Activity) []string {
	var pairs []string
	if a.Product == activity.Salesforce {
		for _, kind := range []string{recordid.Case, recordid.Account, recordid.Contact, recordid.Lead} {
			pairs = append(pairs, recordid.New(kind, a.Number), "#")
		}
	}
	for _, form := range []string{"%012x", "%020x"} {
		pairs = append(pairs, fmt.Sprintf(form, a.Number), "#")
	}
	for _, form := range []string{"%021x", "%018x"} {
		pairs = append(pairs, fmt.Sprintf(form, a.Number/10), "#")
	}
	for _, offset := range []int{646_602_000, 35_000, 1_000, 0} {
		pairs = append(pairs, strconv.Itoa(a.Number+offset), "#")
	}
	at := a.At.UTC()
	return append(pairs, at.Format(time.RFC3339Nano), "@", at.Format("2006-01-02T15:04:05.000Z"), "@", at.Format(time.RFC3339), "@")
}
