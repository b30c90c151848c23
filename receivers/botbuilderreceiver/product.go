// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package botbuilderreceiver // import "github.com/integrationlog/integrationlog/receivers/botbuilderreceiver"

import (
	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/entry"
)

// apiCall is the one type of activity that a bot has.
const apiCall = "api_call"

// What a bot can tell of its call.
const (
	bot            = "bot"
	call           = "api_call"
	method         = "method"
	address        = "url"
	host           = "host"
	path           = "path"
	conversationID = "conversation_id"
)

// product returns what is particular to the bot builder.
func product() entry.Product {
	return entry.Product{
		Slug:   activity.BotBuilder,
		Prefix: "bot_builder",
		Fields: []entry.Field{
			{Path: bot, Kind: entry.Name, Attribute: "bot_builder.bot"},
			{Path: call, Kind: entry.Name, Attribute: "bot_builder.api_call"},
			{Path: method, Kind: entry.Word},
			{Path: address, Kind: entry.Sentence},
			{Path: host, Kind: entry.Sentence},
			{Path: path, Kind: entry.Sentence},
			{Path: "outcome", Kind: entry.Outcome, Attribute: "bot_builder.outcome"},
			{Path: conversationID, Kind: entry.ID, Attribute: "bot_builder.conversation.id"},
		},
		Complete: complete,
	}
}

func complete(e *entry.Entry, a *activity.Activity) {
	a.Type = apiCall
	a.IntegrationName = e.Get(bot)
	if a.ObjectID == "" && e.Get(conversationID) != "" {
		a.ObjectType, a.ObjectID = "conversation", e.Get(conversationID)
	}
	t := targetOf(e.Get(method), e.Get(address), e.Get(host), e.Get(path))
	a.Attributes = append(a.Attributes, t.attributes()...)
	a.Description = entry.Describe(a, entry.Called("Bot", e.Get(bot)), callOf(e.Get(call), t))
}

// callOf says which call it was, by its name, and by what was called.
func callOf(name string, t target) string {
	called := entry.Called("API call", name)
	switch where := t.String(); {
	case where == "":
		return called
	case called == "":
		return where
	default:
		return called + " (" + where + ")"
	}
}

// attributes are those of OpenTelemetry's semantic conventions.
// Source: https://opentelemetry.io/docs/specs/semconv/http/http-spans/
func (t target) attributes() []attribute.KeyValue {
	kvs := make([]attribute.KeyValue, 0, 4)
	for _, kv := range [...]attribute.KeyValue{
		attribute.String("http.request.method", t.method),
		attribute.String("server.address", t.host),
		attribute.String("url.path", t.path),
	} {
		if kv.Value.AsString() != "" {
			kvs = append(kvs, kv)
		}
	}
	if t.port != 0 {
		kvs = append(kvs, attribute.Int("server.port", t.port))
	}
	return kvs
}
