// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

func TestOutcome(t *testing.T) {
	tests := map[string]struct {
		word, message string
		status        activity.Status
		errorType     activity.ErrorType
		want          string
	}{
		"success": {"Success", "", activity.Info, "", "Account 0015g00000AbCdEAAV: Zendesk's package in Salesforce says about its synchronisation to an organization: Success"},
		"failure": {
			"Failed", "Name has already been taken", activity.Error, activity.ErrorConflict,
			"Account 0015g00000AbCdEAAV could not be synchronised to an organization, says Zendesk's package in Salesforce: Failed: Name has already been taken",
		},
		"only a message": {
			"", "Email is already being used", activity.Error, activity.ErrorConflict,
			"Account 0015g00000AbCdEAAV could not be synchronised to an organization, says Zendesk's package in Salesforce: Email is already being used",
		},
		"the same twice": {
			"Error", "Error", activity.Error, activity.ErrorOther,
			"Account 0015g00000AbCdEAAV could not be synchronised to an organization, says Zendesk's package in Salesforce: Error",
		},
		"partial": {
			"Partially done", "", activity.Warning, "",
			"Account 0015g00000AbCdEAAV: Zendesk's package in Salesforce says about its synchronisation to an organization: Partially done",
		},
	}
	r := rules(t, func(s *Settings) { s.MappedFields = map[string][]string{"Account": {"Phone"}} })
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := event("Account", changeevent.Update, DefaultOutcomeStatusField, DefaultOutcomeMessageField)
			e.Values = map[string]string{DefaultOutcomeStatusField: test.word, DefaultOutcomeMessageField: test.message}
			a := one(t, r, e)
			require.Equal(t, test.want, a.Description)
			require.Equal(t, test.status, a.Status)
			require.Equal(t, activity.Reported, a.Evidence)
			if test.errorType == "" {
				require.Nil(t, a.Error)
			} else {
				require.Equal(t, test.errorType, a.Error.Type)
				require.NotEmpty(t, a.Error.Message)
			}
			if test.message != "" {
				require.Contains(t, a.Attributes, attribute.String("salesforce.outcome.message", test.message))
			}
		})
	}
}

// TestNoOutcome: what is part of an event without having changed tells of another time.
func TestNoOutcome(t *testing.T) {
	values := map[string]string{DefaultOutcomeStatusField: "Failed"}
	r := rules(t, nil)
	for name, e := range map[string]*changeevent.Event{
		"not changed":  event("Account", changeevent.Update, "Name"),
		"restored":     event("Account", changeevent.Undelete),
		"deleted":      event("Account", changeevent.Delete),
		"of a case":    event("Case", changeevent.Create),
		"without text": event("Account", changeevent.Update, DefaultOutcomeStatusField),
	} {
		e.Values = values
		if name == "without text" {
			e.Values = map[string]string{DefaultOutcomeStatusField: "  "}
		}
		a := one(t, r, e)
		require.NotEqual(t, activity.Error, a.Status, name)
		require.NotEqual(t, activity.Reported, a.Evidence, name)
	}
	e := event("Account", changeevent.Create)
	e.Values = values
	require.Equal(t, activity.Error, one(t, r, e).Status)
}

func TestOutcomeIsBounded(t *testing.T) {
	e := event("Lead", changeevent.Create)
	e.Values = map[string]string{DefaultOutcomeStatusField: strings.Repeat("x", 8192), DefaultOutcomeMessageField: strings.Repeat("y", 8192)}
	o := rules(t, nil).outcomeOf(e)
	require.Len(t, o.word, maxOutcomeStatus)
	require.Len(t, o.message, activity.MaxErrorMessage)
}

// Attributes are not masked, so what should be a word has to be one.
func TestOutcomeWord(t *testing.T) {
	for word, want := range map[string]string{
		"Success":                        "Success",
		"not_synced - Out of Sync":       "not_synced - Out of Sync",
		"Übertragung fehlgeschlagen":     "Übertragung fehlgeschlagen",
		"jane@example.com":               "",
		"Failed: +49 170 1234567":        "",
		"Record 5":                       "",
		strings.Repeat("x", maxWord):     strings.Repeat("x", maxWord),
		strings.Repeat("x", maxWord+1):   "",
		"Failed\nAuthorization Bearer x": "",
	} {
		e := event("Account", changeevent.Create)
		e.Values = map[string]string{DefaultOutcomeStatusField: word}
		got := ""
		for _, kv := range one(t, rules(t, nil), e).Attributes {
			if kv.Key == "salesforce.outcome.status" {
				got = kv.Value.AsString()
			}
		}
		require.Equal(t, want, got, word)
	}
}

func TestFailures(t *testing.T) {
	for message, want := range map[string]activity.ErrorType{
		"Name: has already been taken":    activity.ErrorConflict,
		"Error: Rate limit exceeded":      activity.ErrorRateLimit,
		"Error: Read timed out":           activity.ErrorTimeout,
		"Error: Couldn't authenticate":    activity.ErrorAuthorization,
		"Error: RecordNotFound not found": activity.ErrorNotFound,
		"Email is invalid":                activity.ErrorValidation,
		"Error 17":                        activity.ErrorOther,
	} {
		o := outcome{status: judge(message), message: message}
		require.Equal(t, want, o.failure().Type, message)
	}
}
