// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
)

// retryInterval is how long an org counts as one without hourly files, before it is asked
// again: an admin may switch them on.
const retryInterval = 24 * time.Hour

// listing is what there is to read.
type listing struct {
	files map[source][]File
	// undated are those that cannot be read because their dates are not known.
	undated []File
	// at is Salesforce's time, by which the age of a file is told.
	at time.Time
	// complete is false where there are more files than were listed.
	complete bool
}

// list returns the files since a time, in the order in which they were written.
func (p *Poller) list(ctx context.Context, since time.Time) (listing, error) {
	l := listing{files: map[source][]File{}, complete: true}
	for _, filter := range p.filters() {
		rows, err := soql.Query[record](ctx, p.querier, query(since, filter))
		var refused *soql.Error
		if filter != "" && errors.As(err, &refused) && refused.Code == "INVALID_FIELD" && refused.Mentions("Interval") {
			p.withoutInterval = p.settings.Now()
			return p.list(ctx, since)
		}
		if err != nil {
			return listing{}, err
		}
		l.add(rows)
	}
	if l.at.IsZero() {
		l.at = p.settings.Now()
	}
	for _, files := range l.files {
		slices.SortFunc(files, byCreation)
	}
	return l, nil
}

// filters are those of the queries. Each interval is asked for by name: without a filter
// only daily files are told. The column is not there at all in orgs that have no hourly
// files.
func (p *Poller) filters() []Interval {
	if !p.withoutInterval.IsZero() {
		if p.settings.Now().Sub(p.withoutInterval) < retryInterval {
			return []Interval{""}
		}
		p.withoutInterval = time.Time{}
	}
	return []Interval{Hourly, Daily}
}

// types are those that are asked for.
var types = [...]callrow.Type{callrow.RestAPI, callrow.APITotalUsage, callrow.BulkAPI2, callrow.Login}

// query must not say anything about Id: with such a filter Salesforce returns the files of
// both intervals, whatever else is said. So files of the same moment are told apart here.
func query(since time.Time, interval Interval) string {
	var b strings.Builder
	b.WriteString("SELECT Id, EventType, LogDate, CreatedDate")
	if interval != "" {
		b.WriteString(", Interval, Sequence")
	}
	b.WriteString(" FROM EventLogFile WHERE EventType IN (")
	for i, eventType := range types {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("'" + string(eventType) + "'")
	}
	b.WriteString(")")
	if interval != "" {
		b.WriteString(" AND Interval = '" + string(interval) + "'")
	}
	b.WriteString(" AND CreatedDate >= " + soql.Literal(since) + " ORDER BY CreatedDate ASC")
	return b.String()
}

func (l *listing) add(rows soql.Rows[record]) {
	l.complete = l.complete && rows.Complete
	// The first answer's time: of all that was listed, nothing is younger than that.
	if l.at.IsZero() {
		l.at = rows.ServerTime
	}
	for i := range rows.Records {
		switch f, ok := rows.Records[i].file(); {
		case !ok:
		case f.isDated():
			l.files[f.source()] = append(l.files[f.source()], f)
		default:
			l.undated = append(l.undated, f)
		}
	}
}
