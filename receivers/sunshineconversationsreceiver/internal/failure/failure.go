// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package failure tells why something did not work: in Sunshine Conversations' words
// and in the channel's, and as one of the log's few types of errors.
package failure // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
)

// Of returns what an event says of its error.
func Of(e *event.Event) activity.Failure {
	return activity.Failure{
		Type:    typeOf(e.Get(event.Channel), e.Get(event.ErrorCode), e.Get(event.ChannelCode)),
		Code:    e.Get(event.ErrorCode),
		Message: message(e),
	}
}

// terse is how many words are too few to tell an admin anything: "Re-engagement message".
const terse = 3

// Why says why in words, and in brackets by which codes. The words are the vendor's, and
// where those are few or none, those that are known for the channel's code.
func Why(e *event.Event, f activity.Failure) string {
	why := f.Message
	means := known(e.Get(event.Channel), e.Get(event.ChannelCode)).means
	switch {
	case means == "" || len(strings.Fields(why)) > terse:
	case why == "":
		why = means
	default:
		why += ": " + means
	}
	codes := codes(e)
	switch {
	case why == "" && codes == "":
		return "no reason was given"
	case why == "":
		return codes
	case codes == "":
		return why
	default:
		return why + " (" + codes + ")"
	}
}

// codes are what the vendor and the channel call the error, and whether there may
// still come better news.
func codes(e *event.Event) string {
	var all []string
	if code := e.Get(event.ErrorCode); code != "" {
		all = append(all, code)
	}
	if code := e.Get(event.ChannelCode); code != "" {
		channel := e.Get(event.Channel)
		if channel == "" {
			channel = "channel"
		}
		all = append(all, channel+" "+code)
	}
	if len(all) > 0 && e.Get(event.Final) == "false" {
		all = append(all, "not final")
	}
	return strings.Join(all, ", ")
}
