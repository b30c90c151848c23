// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package failure // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"

import (
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/sentence"
	"github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"
)

// message joins what Sunshine Conversations and the channel say, on one line, each
// thing once.
func message(e *event.Event) string {
	var all string
	for _, field := range [...]event.Field{event.ErrorMessage, event.ChannelTitle, event.ChannelMessage, event.ChannelDetails} {
		all = sentence.Because(all, maskDigits(sentence.OneLine(e.Get(field))))
	}
	return activity.Truncate(all, activity.MaxErrorMessage)
}
