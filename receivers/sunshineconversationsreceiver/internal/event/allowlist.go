// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"

import (
	"maps"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// Each version has a list of its own for a request, and one for what an event brings.
// Source of version 2: https://github.com/zendesk/sunshine-conversations-api-spec/blob/master/openapi.yaml (x-webhooks)
// Source of the others: https://docs.smooch.io/guide/v1/delivery-events
type (
	members = allowlist.Members
	node    = allowlist.Node
)

// request is what tells the versions apart, and what all events of a request share.
var request = members{
	"app":     {Members: members{"id": {Field: appID}, "_id": {Field: appID}}},
	"webhook": {Members: members{"id": {Field: webhookID}, "_id": {Field: webhookID}, "version": {Field: version}}},
	"version": {Field: version},
	"events":  {Field: events, Whole: true},
	"trigger": {Field: Type},
}

// eventMembers are of an element of events in version 2.
var eventMembers = members{
	"id":        {Field: ID},
	"type":      {Field: Type},
	"createdAt": {Field: CreatedAt},
	"payload": {Members: members{
		"conversation": {Members: members{
			"id":                           {Field: ConversationID},
			"activeSwitchboardIntegration": {Members: members{"name": {Field: SwitchboardName}}},
		}},
		"user":             {Members: members{"id": {Field: UserID}}},
		"client":           {Members: members{"id": {Field: ClientID}, "type": {Field: Channel}, "integrationId": {Field: IntegrationID}}},
		"destination":      destination,
		"message":          {Members: members{"id": {Field: MessageID}}},
		"externalMessages": {First: &node{Members: members{"id": {Field: ExternalMessageID}}}},
		"isFinalEvent":     {Field: Final},
		"reason":           {Field: Reason},
		"error":            {Field: errorObject, Whole: true},
	}},
}

var destination = node{Members: members{"type": {Field: Channel}, "integrationId": {Field: IntegrationID}}}

// olderMembers are of a request in versions 1 and 1.1, which is one event.
var olderMembers = members{
	"trigger":      {Field: Type},
	"timestamp":    {Field: Timestamp},
	"conversation": {Members: members{"_id": {Field: ConversationID}}},
	"appUser":      {Members: members{"_id": {Field: UserID}}},
	"client":       {Members: members{"_id": {Field: ClientID}, "platform": {Field: Channel}, "integrationId": {Field: IntegrationID}}},
	"destination":  destination,
	"channel":      {Field: Channel},
	"notification": {Members: members{"_id": {Field: NotificationID}}},
	// whom a notification was for
	"matchResult": {Members: members{
		"conversation": {Members: members{"_id": {Field: ConversationID}}},
		"appUser":      {Members: members{"_id": {Field: UserID}}},
	}},
	"message":          {Members: messageMembers},
	"messages":         {Field: messages, Whole: true},
	"externalMessages": {First: &node{Members: members{"id": {Field: ExternalMessageID}, "_id": {Field: ExternalMessageID}}}},
	"isFinalEvent":     {Field: Final},
	"reason":           {Field: Reason},
	"error":            {Field: errorObject, Whole: true},
}

var messageMembers = members{"_id": {Field: MessageID}}

// errorMembers are of an error. What the channel said stands in underlyingError, which
// the specification of version 2 does not mention.
var errorMembers = members{
	"code":            {Field: ErrorCode},
	"message":         {Field: ErrorMessage},
	"title":           {Field: ErrorMessage},
	"description":     {Field: ErrorMessage},
	"underlyingError": {Field: ChannelMessage, Members: underlyingMembers, First: &node{Field: ChannelMessage, Members: channelMembers}},
}

// underlyingMembers are the channel's answer: an error, or something around one. WhatsApp
// has a list of them, the Graph API an object.
var underlyingMembers = with(channelMembers, members{
	"errors": {First: &node{Field: ChannelMessage, Members: channelMembers}},
	"error":  {Field: ChannelMessage, Members: channelMembers},
})

// channelMembers are a channel's error: of WhatsApp and Messenger, Twilio, Telegram, WeChat.
var channelMembers = members{
	"code":       {Field: ChannelCode},
	"errorCode":  {Field: ChannelCode},
	"error_code": {Field: ChannelCode},
	"errcode":    {Field: ChannelCode},

	"title":          {Field: ChannelTitle},
	"message":        {Field: ChannelMessage},
	"errorMessage":   {Field: ChannelMessage},
	"description":    {Field: ChannelMessage},
	"errmsg":         {Field: ChannelMessage},
	"status_message": {Field: ChannelMessage},
	"details":        {Field: ChannelDetails},
	"error_data":     {Members: members{"details": {Field: ChannelDetails}}},
}

func with(base, more members) members {
	all := maps.Clone(base)
	maps.Copy(all, more)
	return all
}
