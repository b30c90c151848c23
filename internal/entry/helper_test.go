// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/webhook"
)

// received is when the tests' requests arrive.
var received = time.Date(2026, time.November, 26, 12, 0, 0, 0, time.UTC)

// testProduct knows a field of each kind.
func testProduct() Product {
	return Product{
		Slug:   activity.ZIS,
		Prefix: "test",
		Fields: []Field{
			{Path: "word", Kind: Word, Attribute: "test.word"},
			{Path: "ref", Kind: ID, Attribute: "test.ref"},
			{Path: "result", Kind: Outcome, Attribute: "test.result"},
			{Path: "name", Kind: Name, Attribute: "test.name"},
			{Path: "text", Kind: Sentence, Attribute: "test.text.message"},
			{Path: "inputs", Kind: Keys, Attribute: "test.inputs"},
			{Path: "a.b.c", Kind: Word, Attribute: "test.deep"},
		},
		Complete: func(e *Entry, a *activity.Activity) {
			a.Type = "test_run"
			a.IntegrationName = e.Get("name")
			a.Description = Describe(a, Called("Test", e.Get("name")))
		},
	}
}

func testFactory() receiver.Factory {
	return NewFactory(component.MustNewType("entries"), component.StabilityLevelDevelopment, "a/scope", "/entries", testProduct())
}

func testSource(changes ...func(*Config)) *Source {
	config := testFactory().CreateDefaultConfig().(*Config)
	config.Secrets = "the-secret, an-older-secret"
	for _, change := range changes {
		change(config)
	}
	return NewSource(config, testProduct())
}

var ndjson = http.Header{"Content-Type": {"application/x-ndjson"}}

func parse(tb testing.TB, body string, changes ...func(*Config)) webhook.Delivery {
	tb.Helper()
	delivery, err := testSource(changes...).Parse(http.Header{}, []byte(body), received)
	require.NoError(tb, err)
	return delivery
}

// one parses an entry.
func one(tb testing.TB, body string, changes ...func(*Config)) activity.Activity {
	tb.Helper()
	delivery := parse(tb, body, changes...)
	require.Len(tb, delivery.Activities, 1)
	return delivery.Activities[0]
}

// attributes of an activity, by name.
func attributes(a activity.Activity) map[string]string {
	all := map[string]string{}
	for _, kv := range a.Attributes {
		all[string(kv.Key)] = kv.Value.AsString()
	}
	return all
}
