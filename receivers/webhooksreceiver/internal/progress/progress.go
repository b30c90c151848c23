// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package progress knows how far the log of one webhook was read, and which of its
// newest rows were taken: the next window overlaps the last one, because a row may appear
// later than the time it tells.
package progress // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/progress"

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

const (
	// maxSeen bounds the memory of one webhook. Ten minutes at Zendesk's limits are far
	// below it.
	maxSeen = 50_000
	// keySize is how much of a hash tells rows apart.
	keySize = 12
	// margin keeps a window that has just been within the retention there until the
	// request has arrived.
	margin = time.Minute
)

// Progress is that of one webhook. It is not safe for concurrent use.
type Progress struct { //nolint:recvcheck // what is marshalled may be a value, what is unmarshalled may not
	// until is the time of the newest row that was taken, after which nothing was.
	until time.Time
	// seen holds the keys of taken rows by their time, in seconds since 1970.
	seen  map[int64]map[string]struct{}
	count int
}

// New returns the progress of a webhook that was never read, which begins at from.
func New(from time.Time, overlap time.Duration) *Progress {
	return &Progress{until: from.Add(overlap), seen: map[int64]map[string]struct{}{}}
}

// Until is the time of the newest row that was taken, before which all were.
func (p *Progress) Until() time.Time { return p.until }

// From returns where the next window begins.
func (p *Progress) From(now time.Time, overlap time.Duration) time.Time {
	from := p.until.Add(-overlap)
	if oldest := now.Add(margin - zendesk.Retention); from.Before(oldest) {
		from = oldest
	}
	return from.Truncate(time.Second)
}

// Seen tells whether a row was taken.
func (p *Progress) Seen(row zendesk.Invocation) bool {
	_, ok := p.seen[row.Time.Unix()][key(row)]
	return ok
}

// Take remembers rows that the pipeline took.
func (p *Progress) Take(rows []zendesk.Invocation) {
	for _, row := range rows {
		second := row.Time.Unix()
		if p.seen[second] == nil {
			p.seen[second] = map[string]struct{}{}
		}
		k := key(row)
		if _, ok := p.seen[second][k]; !ok {
			p.seen[second][k] = struct{}{}
			p.count++
		}
	}
}

// Advance says that everything before a time was taken, and forgets what the next window
// does not reach. It never goes back.
func (p *Progress) Advance(to time.Time, overlap time.Duration) {
	if to.After(p.until) {
		p.until = to
	}
	oldestSecond := p.until.Add(-overlap).Truncate(time.Second).Unix()
	for second := range p.seen {
		if second < oldestSecond {
			p.forget(second)
		}
	}
	for p.count > maxSeen {
		first := int64(0)
		for second := range p.seen {
			if first == 0 || second < first {
				first = second
			}
		}
		p.forget(first)
	}
}

func (p *Progress) forget(second int64) {
	p.count -= len(p.seen[second])
	delete(p.seen, second)
}

// key tells a row from all others of a second and of the webhook. The id alone does not:
// it comes again with another state.
func key(row zendesk.Invocation) string {
	sum := sha256.Sum256([]byte(row.ID + "/" + row.CompletedAt + "/" + row.Status))
	return base64.RawURLEncoding.EncodeToString(sum[:keySize])
}

// document is how a progress is stored.
type document struct {
	Until time.Time          `json:"until"`
	Seen  map[int64][]string `json:"seen,omitempty"`
}

// MarshalJSON gives the same text for the same progress.
func (p Progress) MarshalJSON() ([]byte, error) {
	d := document{Until: p.until, Seen: make(map[int64][]string, len(p.seen))}
	for second, keys := range p.seen {
		list := make([]string, 0, len(keys))
		for k := range keys {
			list = append(list, k)
		}
		slices.Sort(list)
		d.Seen[second] = list
	}
	return json.Marshal(d)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (p *Progress) UnmarshalJSON(content []byte) error {
	var d document
	if err := json.Unmarshal(content, &d); err != nil {
		return err
	}
	if d.Until.IsZero() {
		return errors.New("a progress without a time")
	}
	*p = Progress{until: d.Until, seen: make(map[int64]map[string]struct{}, len(d.Seen))}
	for second, keys := range d.Seen {
		p.seen[second] = make(map[string]struct{}, len(keys))
		for _, k := range keys {
			p.seen[second][k] = struct{}{}
		}
		p.count += len(p.seen[second])
	}
	return nil
}
