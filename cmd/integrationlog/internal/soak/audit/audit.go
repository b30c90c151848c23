// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package audit reads Loki and compares what is there with a ledger.
package audit // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/audit"

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Told is how long after a call to Salesforce's API a log file may tell of it.
const Told = 10 * time.Minute

const (
	everything = `{product=~".+"}`
	calls      = `{product="salesforce"} | activity_type="api_call"`
	// ahead and behind cover the clocks of senders that are not the machine's.
	ahead, behind = 10 * time.Minute, 2 * time.Hour
	// shown is how many examples of a fault a result tells.
	shown = 5
)

// Result is what became of the activities of one phase.
type Result struct {
	// Acknowledged is how many the product, or for what is fetched the vendor, had.
	Acknowledged int
	// Stored is how many of those are in Loki, and Missing how many are not.
	Stored, Missing int
	// SetAside is how many are not in Loki, and were in a file that was damaged.
	SetAside int
	// Doubled is how many are there more than once.
	Doubled int
	// Altered is how many have another line, label or metadata than all others of their
	// form, or another status than the sender told, and OutOfTime how many another time.
	Altered, OutOfTime int
	// Examples are some of what is wrong.
	Examples []string
}

// Sound tells whether nothing is wrong.
func (r *Result) Sound() bool { return r.Missing+r.Doubled+r.Altered+r.OutOfTime == 0 }

// Report is what became of everything.
type Report struct {
	// Phases are the results by phase.
	Phases map[int]*Result
	// Strange are entries that nobody has sent. Notices are those that the product wrote
	// by itself, to say that something could not be read.
	Strange, Notices int
	// Listed is how many entries Loki lists, and Distinct how many of them differ in time,
	// line or labels.
	Listed, Distinct int
	// Examples are some of the strange ones.
	Examples []string
}

// Sound tells whether nothing is wrong in any phase.
func (r *Report) Sound() bool {
	for _, result := range r.Phases {
		if !result.Sound() {
			return false
		}
	}
	return r.Strange == 0
}

// Auditor compares. It learns from what came through without a fault what the entries of
// a form look like, and of a form that comes later from its first entry.
type Auditor struct {
	loki   *harness.Loki
	ledger *ledger.Ledger
	// Began is before the time of every entry.
	Began time.Time
	forms map[string]string
}

// New returns an auditor of what happens from now on.
func New(loki *harness.Loki, l *ledger.Ledger) *Auditor {
	return &Auditor{loki: loki, ledger: l, Began: time.Now().Add(-behind), forms: map[string]string{}}
}

// Learn takes the entries of now for what entries look like, and returns an error unless
// those of one form look the same.
func (a *Auditor) Learn(ctx context.Context) error {
	entries, err := a.entries(ctx, a.Began)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		known, found := a.ledger.Find(keyOf(entry))
		if !found {
			return fmt.Errorf("an entry that nobody has sent: %v", entry)
		}
		form := formOf(known.Activity, entry)
		if other, learned := a.forms[known.Form]; learned && other != form {
			return fmt.Errorf("entries of one form look different:\n%s\n%s", other, form)
		}
		a.forms[known.Form] = form
	}
	return nil
}

// Stored returns how often each activity is there of those that happened since a time, or are
// calls of which a log file may have told since then.
func (a *Auditor) Stored(ctx context.Context, since time.Time) (map[ledger.Key]int, error) {
	entries, err := a.entries(ctx, since)
	if err != nil {
		return nil, err
	}
	before, err := a.loki.EntriesBetween(ctx, calls, since.Add(-Told), since)
	times := make(map[ledger.Key]int, len(entries)+len(before))
	for _, entry := range slices.Concat(entries, before) {
		times[keyOf(entry)]++
	}
	return times, err
}

// Visible tells whether an activity is in Loki, at its time: to look through everything, many
// times a second, would be a load of its own.
func (a *Auditor) Visible(ctx context.Context, e ledger.Activity) (bool, error) {
	selector := fmt.Sprintf("{product=%q} | activity_id=%q", e.Product, e.ID)
	entries, err := a.loki.EntriesBetween(ctx, selector, e.At.Add(-time.Second), e.At.Add(time.Second))
	return len(entries) > 0, err
}

// Count returns how many entries Loki counts.
func (a *Auditor) Count(ctx context.Context) (int, error) { return a.loki.Count(ctx, everything) }

// Compare compares what happened since a time. Only what the filter takes has to be there
// already.
func (a *Auditor) Compare(ctx context.Context, since time.Time, due func(ledger.Entry) bool) (*Report, error) {
	entries, err := a.entries(ctx, since)
	if err != nil {
		return nil, err
	}
	report := &Report{Phases: map[int]*Result{}, Listed: len(entries)}
	times := make(map[ledger.Key]int, len(entries))
	distinct := map[string]bool{}
	for _, entry := range entries {
		key := keyOf(entry)
		times[key]++
		distinct[fmt.Sprint(entry.Time.UnixNano(), entry.Line, entry.Labels["product"], entry.Labels["status"])] = true
		known, found := a.ledger.Find(key)
		switch {
		case found && times[key] == 1:
			a.compare(report.phase(known.Phase), known, entry)
		case found:
		case isNotice(entry):
			report.Notices++
		default:
			report.Strange++
			report.Examples = keep(report.Examples, fmt.Sprintf("from nowhere: %v", entry))
		}
	}
	report.Distinct = len(distinct)
	all := a.ledger.All()
	for i := range all {
		if e := &all[i]; !e.At.Before(since) && due(*e) {
			report.phase(e.Phase).count(e, times[e.Key])
		}
	}
	return report, nil
}

func (r *Report) phase(n int) *Result {
	if r.Phases[n] == nil {
		r.Phases[n] = &Result{}
	}
	return r.Phases[n]
}

// count counts an activity that is there so many times.
func (r *Result) count(e *ledger.Entry, times int) {
	acknowledged := !e.Acknowledged.IsZero()
	if acknowledged {
		r.Acknowledged++
	}
	switch {
	case times > 1:
		r.Doubled++
		r.Examples = keep(r.Examples, fmt.Sprintf("%d times: %v", times, e.Key))
	case times == 0 && acknowledged && e.AtRisk:
		r.SetAside++
	case times == 0 && acknowledged:
		r.Missing++
		r.Examples = keep(r.Examples, fmt.Sprintf("missing: %v of %s, acknowledged at %s", e.Key, e.At.Format(time.RFC3339Nano), e.Acknowledged.Format(time.RFC3339Nano)))
	}
	if times > 0 && acknowledged {
		r.Stored++
	}
}

// compare compares an entry with what was sent.
func (a *Auditor) compare(r *Result, e ledger.Entry, entry harness.Entry) {
	if !entry.Time.Equal(e.At) {
		r.OutOfTime++
		r.Examples = keep(r.Examples, fmt.Sprintf("at %s and not at %s: %v", entry.Time.Format(time.RFC3339Nano), e.At.Format(time.RFC3339Nano), e.Key))
	}
	form := formOf(e.Activity, entry)
	want, learned := a.forms[e.Form]
	failed := entry.Labels["status"] == string(activity.Error)
	switch {
	case failed != e.Failed || learned && form != want:
		r.Altered++
		r.Examples = keep(r.Examples, fmt.Sprintf("altered: %s\nnot like: %s", form, want))
	case !learned:
		a.forms[e.Form] = form
	}
}

func (a *Auditor) entries(ctx context.Context, since time.Time) ([]harness.Entry, error) {
	return a.loki.EntriesBetween(ctx, everything, since, time.Now().Add(ahead))
}

func keep(examples []string, example string) []string {
	if len(examples) == shown {
		return examples
	}
	return append(examples, example)
}
