// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// stored is an entry of a Loki that has what it is told to have.
type stored struct {
	at     time.Time
	line   string
	labels map[string]string
}

// equals is a label of a query that has to have a value.
var equals = regexp.MustCompile(`(\w+)="([^"]*)"`)

// asked tells whether a query of a time asks for the entry.
func (s *stored) asked(query url.Values) bool {
	at := strconv.FormatInt(s.at.UnixNano(), 10)
	if at < query.Get("start") || at >= query.Get("end") {
		return false
	}
	for _, label := range equals.FindAllStringSubmatch(query.Get("query"), -1) {
		if s.labels[label[1]] != label[2] {
			return false
		}
	}
	return true
}

// newLoki returns a Loki that has what entries returns.
func newLoki(t *testing.T, entries func() []stored) *harness.Loki {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		all := entries()
		if !strings.HasSuffix(r.URL.Path, "query_range") {
			fmt.Fprintf(w, `{"data":{"result":[{"value":[1,"%d"]}]}}`, len(all))
			return
		}
		var streams []string
		for _, e := range all {
			if !e.asked(r.URL.Query()) {
				continue
			}
			labels, err := json.Marshal(e.labels)
			assert.NoError(t, err)
			streams = append(streams, fmt.Sprintf(`{"stream":%s,"values":[["%d",%q]]}`, labels, e.at.UnixNano(), e.line))
		}
		fmt.Fprintf(w, `{"data":{"result":[%s]}}`, strings.Join(streams, ","))
	}))
	t.Cleanup(server.Close)
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	return harness.NewLoki(server.URL)
}

func order(number int, at time.Time) (ledger.Activity, stored) {
	id := "order-" + strconv.Itoa(number)
	return ledger.Activity{Key: ledger.Key{Product: activity.Shopify, ID: id}, Number: number, Form: "order", At: at},
		stored{at, fmt.Sprintf("Order #%d created", number), map[string]string{
			"product": "shopify", "status": "info", "activity_id": id, "activity_object_id": strconv.Itoa(number),
		}}
}

func TestAudit(t *testing.T) {
	const first, count = 1_000_000, 10
	l := ledger.New()
	var all []stored
	now := time.Now().Truncate(time.Millisecond)
	for n := range count {
		sent, entry := order(first+n, now.Add(time.Duration(n)*time.Second))
		all = append(all, entry)
		l.Sent(sent)
		l.Acknowledged(time.Second, sent)
	}
	unanswered, _ := order(first+count, now)
	l.Sent(unanswered)
	inLoki := all
	auditor := New(newLoki(t, func() []stored { return inLoki }), l)
	everything := func(ledger.Entry) bool { return true }

	require.NoError(t, auditor.Learn(t.Context()))
	report, err := auditor.Compare(t.Context(), auditor.Began, everything)
	require.NoError(t, err)
	assert.Equal(t, &Report{Phases: map[int]*Result{0: {Acknowledged: count, Stored: count}}, Listed: count, Distinct: count}, report)
	assert.True(t, report.Phases[0].Sound())
	counted, err := auditor.Count(t.Context())
	require.NoError(t, err)
	assert.Equal(t, count, counted)
	report, err = auditor.Compare(t.Context(), now.Add(time.Hour), everything)
	require.NoError(t, err)
	assert.Empty(t, report.Phases, "nothing is as young")
	oldest, _ := order(first, now)
	for sent, there := range map[*ledger.Activity]bool{&unanswered: false, &oldest: true} {
		visible, err := auditor.Visible(t.Context(), *sent)
		require.NoError(t, err)
		assert.Equal(t, there, visible, sent.Key)
	}

	change := func(entry stored, name, value string) stored {
		entry.labels = maps.Clone(entry.labels)
		entry.labels[name] = value
		return entry
	}
	late, line := all[2], all[3]
	late.at = late.at.Add(time.Nanosecond)
	line.line += "!"
	l.Risk([]ledger.Key{{Product: activity.Shopify, ID: "order-1000008"}})
	inLoki = []stored{
		all[0], all[0], all[1], late, line, change(all[4], "status", "error"), change(all[5], "activity_object_id", "1000004"), change(all[6], "new", "x"),
		change(all[7], "activity_id", "unknown"), change(all[7], "activity_id", "org/replay_lost/topic/1"),
	}
	report, err = auditor.Compare(t.Context(), auditor.Began, everything)
	require.NoError(t, err)
	result := *report.Phases[0]
	assert.Len(t, result.Examples, shown)
	result.Examples = nil
	assert.Equal(t, Result{Acknowledged: 10, Stored: 7, Missing: 2, SetAside: 1, Doubled: 1, Altered: 4, OutOfTime: 1}, result)
	assert.False(t, result.Sound())
	assert.Equal(t, []int{1, 1, 10, 8}, []int{report.Strange, report.Notices, report.Listed, report.Distinct})
	assert.Len(t, report.Examples, 1)
	require.Error(t, auditor.Learn(t.Context()), "entries of one form differ, or are of nobody")
}

// A call of before the time counts if a log file may have told of it since, and nothing else does.
func TestStored(t *testing.T) {
	since := time.Now().Truncate(time.Millisecond)
	call := func(id string, at time.Time) stored {
		return stored{at, "called", map[string]string{"product": "salesforce", "activity_type": "api_call", "activity_id": id}}
	}
	_, early := order(1, since.Add(-time.Second))
	_, late := order(2, since)
	inLoki := []stored{
		early, late, late,
		call("told before", since.Add(-Told-time.Second)), call("told since", since.Add(-time.Minute)), call("since", since.Add(time.Minute)),
	}
	times, err := New(newLoki(t, func() []stored { return inLoki }), ledger.New()).Stored(t.Context(), since)
	require.NoError(t, err)
	assert.Equal(t, map[ledger.Key]int{
		{Product: activity.Shopify, ID: "order-2"}:       2,
		{Product: activity.Salesforce, ID: "told since"}: 1,
		{Product: activity.Salesforce, ID: "since"}:      1,
	}, times)
}

// What nothing was learned of is like its first entry, if that has the right status.
func TestFormOfFirstSight(t *testing.T) {
	l := ledger.New()
	var inLoki []stored
	for n := range 4 {
		sent, entry := order(1_000_000+n, time.Now())
		l.Sent(sent)
		l.Acknowledged(time.Second, sent)
		inLoki = append(inLoki, entry)
	}
	inLoki[0].labels["status"] = "error"
	inLoki[3].labels["new"] = "x"
	auditor := New(newLoki(t, func() []stored { return inLoki }), l)
	report, err := auditor.Compare(t.Context(), auditor.Began, func(ledger.Entry) bool { return true })
	require.NoError(t, err)
	assert.Equal(t, 2, report.Phases[0].Altered, report.Phases[0].Examples)
}
