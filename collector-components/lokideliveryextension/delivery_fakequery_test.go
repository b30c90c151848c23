// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/stretchr/testify/assert"
)

// Loki's own limits, with their defaults.
const (
	// maxQueryBytes is maxInputSize of pkg/logql/syntax.
	maxQueryBytes = 128 << 10
	// maxEntriesLimit is max_entries_limit_per_query.
	maxEntriesLimit = 5000
	// maxQueryLength is max_query_length.
	maxQueryLength = 721 * time.Hour
)

// logQL is all of the language that the fake understands: a product, ids, and what only
// makes the answer smaller.
var logQL = regexp.MustCompile(`^\{product=("(?:[^"\\]|\\.)*")\} \| activity_id=~("(?:[^"\\]|\\.)*")( \| line_format "")?( \| keep activity_id)?$`)

// lokiQuery is a query as Loki understands it.
type lokiQuery struct {
	product string
	ids     *regexp.Regexp
	// from is the first time, to the one behind the last.
	from, to int64
	limit    int
	keep     bool
}

func parseQuery(r *http.Request) (lokiQuery, error) {
	if err := r.ParseForm(); err != nil {
		return lokiQuery{}, err
	}
	text := r.Form.Get("query")
	if len(text) >= maxQueryBytes {
		return lokiQuery{}, fmt.Errorf("input size too long (%d > %d)", len(text), maxQueryBytes)
	}
	parts := logQL.FindStringSubmatch(text)
	if parts == nil {
		return lokiQuery{}, fmt.Errorf("parse error: %s", text)
	}
	q := lokiQuery{keep: parts[4] != ""}
	var errProduct, errIDs, errFrom, errTo, errLimit error
	q.product, errProduct = strconv.Unquote(parts[1])
	pattern, errQuote := strconv.Unquote(parts[2])
	// Prometheus' matcher anchors, and lets the dot match newlines.
	q.ids, errIDs = regexp.Compile("^(?s:" + pattern + ")$")
	q.from, errFrom = strconv.ParseInt(r.Form.Get("start"), 10, 64)
	q.to, errTo = strconv.ParseInt(r.Form.Get("end"), 10, 64)
	q.limit, errLimit = strconv.Atoi(r.Form.Get("limit"))
	err := errors.Join(errProduct, errQuote, errIDs, errFrom, errTo, errLimit)
	switch {
	case err != nil:
		return q, err
	case q.to <= q.from:
		return q, errors.New("end timestamp must not be before or equal to start time")
	case time.Duration(q.to-q.from) > maxQueryLength:
		return q, errors.New("the query time range exceeds the limit")
	case q.limit > maxEntriesLimit || q.limit < 1:
		return q, errors.New("max entries limit per query exceeded")
	case r.Form.Get("direction") != "forward":
		return q, errors.New("the fake only goes forward")
	}
	return q, nil
}

func (q lokiQuery) matches(e entry) bool {
	return e.product == q.product && e.time >= q.from && e.time < q.to && q.ids.MatchString(e.id)
}

type stream struct {
	Stream map[string]string `json:"stream"`
	Values [][]string        `json:"values"`
}

func (l *fakeLoki) queryRange(w http.ResponseWriter, r *http.Request) {
	q, err := parseQuery(r)
	if err != nil {
		assert.NoError(l.tb, err, "a query that Loki would refuse")
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	l.mu.Lock()
	l.queries = append(l.queries, q)
	onQuery := l.onQuery
	l.mu.Unlock()
	if onQuery != nil && onQuery(w, r) {
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	err = json.NewEncoder(w).Encode(map[string]any{"status": "success", "data": map[string]any{
		"resultType": "streams", "result": l.find(q), "stats": map[string]any{},
	}})
	if err != nil {
		l.tb.Log("an answer to a query was not read:", err)
	}
}

// find returns a stream for each id, as Loki does where structured metadata differ.
func (l *fakeLoki) find(q lokiQuery) []stream {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := []stream{}
	for _, e := range l.order {
		if len(found) == q.limit {
			break
		}
		if !q.matches(e) {
			continue
		}
		labels := map[string]string{"activity_id": e.id}
		if !q.keep {
			labels["product"], labels["service_name"] = e.product, e.product
		}
		found = append(found, stream{labels, [][]string{{strconv.FormatInt(e.time, 10), ""}}})
	}
	return found
}
