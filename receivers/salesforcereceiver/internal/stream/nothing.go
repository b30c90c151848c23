// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package stream // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"

import (
	"math"
	"strings"
	"time"

	"go.uber.org/zap"
)

// untilSuspicion is how long a topic may still bring nothing.
func (s *Stream) untilSuspicion() time.Duration {
	if s.position.Delivered || s.explained || s.settings.NothingAfter < 0 {
		return math.MaxInt64
	}
	return max(0, time.Until(s.position.Subscribed.Add(s.settings.NothingAfter)))
}

// explainNothing tells the operator that no event has ever come. Whether that is a fault
// cannot be seen from here: Salesforce accepts the subscription of a user who may see
// nothing, and so it does where nothing happens.
// Source: https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_security_perms.htm
func (s *Stream) explainNothing() {
	if s.position.Delivered || s.explained {
		return
	}
	s.explained = true
	notice := nothingNotice(s.settings.Topic, s.position.Subscribed)
	s.settings.Logger.Warn(notice, zap.String("topic", s.settings.Topic))
	s.settings.Report(Status{Topic: s.settings.Topic, Notice: notice})
}

func nothingNotice(topic string, since time.Time) string {
	causes := "the object is not selected in Setup, Change Data Capture"
	if isChannel(topic) {
		causes = "the channel has no objects, or Salesforce leaves out those that the user of the connection may not see, " +
			"without a word: it needs View All Records on each, or View All Data"
	}
	return "No event has ever come by " + topic + ", which is subscribed since " + since.UTC().Format(time.RFC3339) +
		". Either nothing changed in Salesforce, or " + causes + "."
}

// isChannel tells whether a topic has events of several objects.
func isChannel(topic string) bool {
	return strings.HasSuffix(topic, "__chn") || topic == "/data/ChangeEvents"
}
