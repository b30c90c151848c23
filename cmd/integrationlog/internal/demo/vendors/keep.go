// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package vendors // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/vendors"

import (
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
)

// fileDelay is how long after the beginning of its hour an event log file is written.
const fileDelay = 3*time.Hour + 10*time.Minute

// Keep has the vendors keep what is fetched from them, and returns the events that have to
// be pushed. Events are in the order of time.
func (v *Vendors) Keep(events []history.Event) (pushed []history.Event, _ error) {
	calls := map[time.Time][]salesforce.Line{}
	for _, event := range events {
		switch what := event.What.(type) {
		case history.Change:
			if err := v.change(what); err != nil {
				return nil, err
			}
		case history.Invocation:
			v.invocation(what)
		case history.Call:
			hour := event.At.UTC().Truncate(time.Hour)
			calls[hour] = append(calls[hour], v.call(event.At, what))
		default:
			pushed = append(pushed, event)
		}
	}
	v.addLogFiles(calls)
	return pushed, nil
}

// change publishes a change, after Zendesk has made of it what it did.
func (v *Vendors) change(what history.Change) error {
	if what.Organization != nil {
		v.account.PutOrganization(*what.Organization)
	}
	if what.User != nil {
		v.account.PutUser(*what.User)
	}
	_, err := v.org.PubSub.Publish(what.Entity, what.Change)
	return err
}

func (v *Vendors) invocation(what history.Invocation) {
	v.account.AddInvocation(what.Webhook, what.Row)
	for _, attempt := range what.Attempts {
		v.account.AddAttempt(what.Webhook, attempt)
	}
}

// call is the row of a call in an event log file.
func (v *Vendors) call(at time.Time, what history.Call) salesforce.Line {
	line := v.org.RestCall(what.Number, at, what.Status, what.Exception)
	line["METHOD"], line["ENTITY_NAME"] = what.Method, what.Entity
	line["URI"] = strings.TrimRight("/services/data/v67.0/sobjects/"+what.Entity+"/"+what.RecordID, "/")
	return line
}

// addLogFiles adds a file for each hour in which there was a call.
func (v *Vendors) addLogFiles(calls map[time.Time][]salesforce.Line) {
	hours := make([]time.Time, 0, len(calls))
	for hour := range calls {
		hours = append(hours, hour)
	}
	slices.SortFunc(hours, time.Time.Compare)
	for _, hour := range hours {
		v.org.AddLogFile(salesforce.LogFile{
			EventType: "RestApi", Hourly: true, Sequence: 1, LogDate: hour, CreatedDate: hour.Add(fileDelay),
			Content: salesforce.CSV(salesforce.RestAPIColumns, calls[hour]...),
		})
	}
}
