// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitiestest // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// Log keeps activities in memory. Several goroutines may use it.
type Log struct {
	now func() time.Time

	mu sync.Mutex
	// all is newest first, added in the order of arrival.
	all, added []activities.Activity
	changed    chan struct{}
	err        error
}

var _ activities.Reader = (*Log)(nil)

// New returns a log with activities, which reckons the times of its sources by now.
func New(now func() time.Time, all ...activities.Activity) *Log {
	l := &Log{now: now, changed: make(chan struct{})}
	l.Add(all...)
	return l
}

// Add puts activities into the log, and gives each its position. One that is there already
// is not added a second time.
func (l *Log) Add(more ...activities.Activity) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := map[activities.Position]bool{}
	for i := range l.all {
		known[l.all[i].Position] = true
	}
	for _, activity := range more {
		activity.Position = position(activity)
		if known[activity.Position] {
			continue
		}
		known[activity.Position] = true
		l.all = append(l.all, activity)
		l.added = append(l.added, activity)
	}
	slices.SortFunc(l.all, newestFirst)
	close(l.changed)
	l.changed = make(chan struct{})
}

// Fail has every later question answered with an error, until it is called with nil.
func (l *Log) Fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// position is the time, and a hash of what tells activities of one nanosecond apart.
func position(a activities.Activity) activities.Position {
	h := fnv.New64a()
	fmt.Fprintf(h, "%q %q %q %q %q", a.Product, a.Status, a.ID, a.Description, a.Attributes)
	return activities.Position(fmt.Sprintf("%d-%016x", a.Time.UnixNano(), h.Sum64()))
}

type place struct {
	time int64
	hash uint64
}

func placeOf(p activities.Position) (place, error) {
	nanos, hash, _ := strings.Cut(string(p), "-")
	t, err := strconv.ParseInt(nanos, 10, 64)
	if err != nil {
		return place{}, activities.ErrPosition
	}
	h, err := strconv.ParseUint(hash, 16, 64)
	if err != nil {
		return place{}, activities.ErrPosition
	}
	return place{t, h}, nil
}

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.time, q.time), cmp.Compare(p.hash, q.hash))
}

func newestFirst(a, b activities.Activity) int {
	p, _ := placeOf(a.Position) // it gave the positions itself
	q, _ := placeOf(b.Position)
	return q.compare(p)
}

// chosen returns the activities of a filter, newest first.
func (l *Log) chosen(ctx context.Context, filter activities.Filter) ([]activities.Activity, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return nil, l.err
	}
	var chosen []activities.Activity
	for i := range l.all {
		if Chooses(filter, l.all[i]) {
			chosen = append(chosen, l.all[i])
		}
	}
	return chosen, nil
}

// Chooses tells whether a filter chooses an activity.
func Chooses(f activities.Filter, a activities.Activity) bool {
	search := strings.ToLower(f.Search)
	return inTime(f, a) &&
		oneOf(f.Products, a.Product) && oneOf(f.Statuses, a.Status) && oneOf(f.Types, a.Type) &&
		oneOf(f.Integrations, a.Integration) && oneOf(f.Accounts, a.Account) &&
		same(f.ObjectType, a.ObjectType) && same(f.ObjectID, a.ObjectID) &&
		same(f.ErrorType, a.ErrorType) && same(f.ErrorCode, a.ErrorCode) &&
		(f.HTTPStatusCode == 0 || f.HTTPStatusCode == a.HTTPStatusCode) && lacks(a, f.Without) &&
		(strings.Contains(strings.ToLower(a.Description), search) || strings.Contains(strings.ToLower(a.ErrorMessage), search))
}

func inTime(f activities.Filter, a activities.Activity) bool {
	return (f.Start.IsZero() || !a.Time.Before(f.Start)) && (f.End.IsZero() || a.Time.Before(f.End))
}

func oneOf(wanted []string, value string) bool {
	return len(wanted) == 0 || slices.Contains(wanted, value)
}

// lacks tells whether an activity has none of these.
func lacks(a activities.Activity, fields []activities.Field) bool {
	return !slices.ContainsFunc(fields, func(field activities.Field) bool {
		switch field {
		case activities.FieldType:
			return a.Type != ""
		case activities.FieldIntegration:
			return a.Integration != ""
		case activities.FieldErrorType:
			return a.ErrorType != ""
		case activities.FieldErrorCode:
			return a.ErrorCode != ""
		default:
			return a.HTTPStatusCode != 0
		}
	})
}

func same(wanted, value string) bool { return wanted == "" || wanted == value }

// Page implements [activities.Reader].
func (l *Log) Page(ctx context.Context, filter activities.Filter, slice activities.Slice) (activities.Page, error) {
	chosen, err := l.chosen(ctx, filter)
	if err != nil {
		return activities.Page{}, err
	}
	first, last := 0, min(slice.Limit, len(chosen))
	switch {
	case slice.Older != "":
		from, err := placeOf(slice.Older)
		if err != nil {
			return activities.Page{}, err
		}
		first, _ = slices.BinarySearchFunc(chosen, from, func(a activities.Activity, from place) int {
			at, _ := placeOf(a.Position)
			if at.compare(from) >= 0 {
				return -1
			}
			return 1
		})
		last = min(first+slice.Limit, len(chosen))
	case slice.Newer != "":
		from, err := placeOf(slice.Newer)
		if err != nil {
			return activities.Page{}, err
		}
		last, _ = slices.BinarySearchFunc(chosen, from, func(a activities.Activity, from place) int {
			at, _ := placeOf(a.Position)
			if at.compare(from) > 0 {
				return -1
			}
			return 1
		})
		first = max(0, last-slice.Limit)
	}
	return activities.Page{Activities: chosen[first:last], HasNewer: first > 0, HasOlder: last < len(chosen)}, nil
}

// All implements [activities.Reader].
func (l *Log) All(ctx context.Context, filter activities.Filter) iter.Seq2[activities.Activity, error] {
	return func(yield func(activities.Activity, error) bool) {
		chosen, err := l.chosen(ctx, filter)
		if err != nil {
			yield(activities.Activity{}, err)
			return
		}
		for _, activity := range chosen {
			if err := ctx.Err(); err != nil {
				yield(activities.Activity{}, err)
				return
			}
			if !yield(activity, nil) {
				return
			}
		}
	}
}

// Activity implements [activities.Reader].
func (l *Log) Activity(ctx context.Context, position activities.Position) (activities.Activity, bool, error) {
	if _, err := placeOf(position); err != nil {
		return activities.Activity{}, false, err
	}
	all, err := l.chosen(ctx, activities.Filter{})
	if err != nil {
		return activities.Activity{}, false, err
	}
	i := slices.IndexFunc(all, func(a activities.Activity) bool { return a.Position == position })
	if i < 0 {
		return activities.Activity{}, false, nil
	}
	return all[i], true, nil
}

// Follow implements [activities.Reader].
func (l *Log) Follow(ctx context.Context, filter activities.Filter) iter.Seq2[[]activities.Activity, error] {
	filter.End = time.Time{}
	l.mu.Lock()
	seen := len(l.added)
	l.mu.Unlock()
	return func(yield func([]activities.Activity, error) bool) {
		if !yield(nil, nil) {
			return
		}
		for {
			l.mu.Lock()
			arrived, changed, err := slices.Clone(l.added[seen:]), l.changed, l.err
			seen = len(l.added)
			l.mu.Unlock()
			if err != nil {
				yield(nil, err)
				return
			}
			oldest := l.now().Add(-activities.FollowedBack)
			arrived = slices.DeleteFunc(arrived, func(a activities.Activity) bool { return a.Time.Before(oldest) || !Chooses(filter, a) })
			slices.SortFunc(arrived, func(a, b activities.Activity) int { return newestFirst(b, a) })
			if len(arrived) > 0 && !yield(arrived, nil) {
				return
			}
			select {
			case <-ctx.Done():
				return
			case <-changed:
			}
		}
	}
}
