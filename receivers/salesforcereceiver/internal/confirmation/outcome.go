// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package confirmation // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"

import (
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// confirmed is the activity of a record that was updated at Zendesk since it changed.
func confirmed(account string, p *pending, found Found, observed time.Time) activity.Activity {
	a := outcome(account, p, found, observed)
	a.Time = found.UpdatedAt
	a.Status = activity.Info
	a.Description = subject(p) + " is synchronised to " + string(entities[p.Entity].kind) + " " + found.ID
	return a
}

// notConfirmed is the activity of one that was not. It says what to look at: why, only
// Zendesk knows.
func notConfirmed(account string, p *pending, found Found, timeout time.Duration, observed time.Time) activity.Activity {
	a := outcome(account, p, found, observed)
	a.Time = p.At.Add(timeout)
	a.Status = activity.Warning
	e := entities[p.Entity]
	kind := string(e.kind)
	if found.ID == "" {
		a.Description = subject(p) + " is not confirmed: " + words(timeout) + " after it changed, no " + kind + " at Zendesk has its id as the external id. " +
			"Look into Zendesk's Integration log, at the filters of the synchronisation, and for another " + kind + " with the same " + e.taken
		return a
	}
	a.Description = subject(p) + " is not confirmed: " + words(timeout) + " after it changed, " + kind + " " + found.ID + " at Zendesk was not updated. " +
		"Look whether a mapped field changed (other changes are not synchronised), into Zendesk's Integration log, and at the connection to Salesforce"
	return a
}

// outcome is what both have. The id is that of the change.
func outcome(account string, p *pending, found Found, observed time.Time) activity.Activity {
	e := entities[p.Entity]
	kvs := []attribute.KeyValue{
		attribute.String("salesforce.entity", p.Entity),
		attribute.String("salesforce.changed_at", p.At.Format(time.RFC3339Nano)),
		attribute.String("zendesk.object.type", string(e.kind)),
	}
	if found.ID != "" {
		kvs = append(kvs, attribute.String("zendesk.object.id", found.ID), attribute.String("zendesk.updated_at", found.UpdatedAt.UTC().Format(time.RFC3339)))
	}
	return activity.Activity{
		ID:         account[:min(len(account), 15)] + "/confirmation/" + p.name(),
		Product:    activity.Salesforce,
		Type:       e.activityType,
		Evidence:   activity.Observed,
		Account:    account,
		Observed:   observed,
		ObjectType: strings.ToLower(p.Entity),
		ObjectID:   p.ID.Long(),
		Attributes: kvs,
	}
}

func subject(p *pending) string { return p.Entity + " " + p.ID.Long() }

// words writes a time as people do.
func words(d time.Duration) string {
	if d < time.Minute || d%time.Minute != 0 {
		return d.String()
	}
	if d == time.Minute {
		return "1 minute"
	}
	return strconv.Itoa(int(d/time.Minute)) + " minutes"
}
