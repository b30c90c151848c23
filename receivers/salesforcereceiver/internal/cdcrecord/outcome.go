// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import (
	"slices"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

// maxOutcomeStatus bounds what should be a word, in bytes.
const maxOutcomeStatus = 255

// outcome is what Zendesk's package has written into a record about its synchronisation.
type outcome struct {
	status activity.Status
	// word and message are the package's.
	word    string
	message string
}

// outcomeOf returns nil for a change that brings no outcome: fields that did not change
// may be part of the event too, and tell of an earlier synchronisation.
func (r *Rules) outcomeOf(event *changeevent.Event) *outcome {
	o := outcome{
		word:    activity.Truncate(r.newValue(event, r.settings.OutcomeStatusField), maxOutcomeStatus),
		message: activity.Truncate(r.newValue(event, r.settings.OutcomeMessageField), activity.MaxErrorMessage),
	}
	switch {
	case o.word != "":
		o.status = judge(o.word)
	case o.message != "":
		o.status = judge(o.message)
	default:
		return nil
	}
	return &o
}

func (r *Rules) newValue(event *changeevent.Event, field string) string {
	isNew := event.Type == changeevent.Create ||
		event.Type == changeevent.Update && slices.ContainsFunc(event.Changed, func(name string) bool { return strings.EqualFold(name, field) })
	if !isNew {
		return ""
	}
	return strings.TrimSpace(event.Values[field])
}

// judge gives the package's words a status. There is no published list of them.
func judge(text string) activity.Status {
	text = strings.ToLower(text)
	switch {
	case containsAny(text, "fail", "error", "reject", "denied", "invalid", "unable", "not be ", "could not", "cannot", "already "):
		return activity.Error
	case containsAny(text, "warn", "partial", "skip", "pending", "out of sync", "not synced"):
		return activity.Warning
	default:
		return activity.Info
	}
}

// failure classifies what went wrong by the errors that Zendesk documents.
// Source: https://support.zendesk.com/hc/en-us/articles/4935435219098
func (o *outcome) failure() *activity.Failure {
	if o.status != activity.Error {
		return nil
	}
	f := &activity.Failure{Type: activity.ErrorOther, Message: o.message}
	if f.Message == "" {
		f.Message = o.word
	}
	switch text := strings.ToLower(f.Message); {
	case containsAny(text, "already been taken", "already being used", "already exists", "duplicate"):
		f.Type = activity.ErrorConflict
	case containsAny(text, "rate limit", "too many requests"):
		f.Type = activity.ErrorRateLimit
	case containsAny(text, "timeout", "timed out"):
		f.Type = activity.ErrorTimeout
	case containsAny(text, "unauthorized", "forbidden", "permission", "access denied", "couldn't authenticate"):
		f.Type = activity.ErrorAuthorization
	case containsAny(text, "not found"):
		f.Type = activity.ErrorNotFound
	case containsAny(text, "invalid", "required", "cannot be blank", "is too long", "is too short"):
		f.Type = activity.ErrorValidation
	}
	return f
}

func containsAny(text string, words ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
