// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page

import (
	"context"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

// hostileTexts are what a description may be, at worst.
var hostileTexts = []string{
	`<script>document.title = "owned"</script><img src=x onerror="alert(1)">`,
	`"><svg/onload=alert(1)>' javascript:alert(1) {{.}} ${7*7} </title></textarea>`,
	"the end \u202Etxt.exe\u202C and \u2066isolated\u2069\u2069\u2069 more \u200F",
	"line one\nline two\r\nline three\ttab\x00nul\x1b[31mred\x7f",
	"not UTF-8: \xff\xfe\xc3( and " + "z\u0351\u0363\u0364\u0365\u0366\u0367\u0368\u0369\u036a\u036b\u036c" + strings.Repeat("\u0301", 50),
	strings.Repeat("aVeryLongWordWithoutAnyBreak", 9_000),
	"عنوان التذكرة: لم يتم العثور على العميل (404)",
	"",
}

func hostile(at time.Time) []activities.Activity {
	var all []activities.Activity
	for i, text := range hostileTexts {
		short := text
		if len(short) > 200 {
			short = short[:200]
		}
		a := activities.Activity{
			Time: at.Add(time.Duration(i) * time.Second), Product: "shopify", Status: "error", Description: text,
			Type: short, Integration: short, Account: short, ObjectType: short, ObjectID: short + "#1", ID: short,
			ErrorType: short, ErrorCode: short, ErrorMessage: text, Evidence: short, HTTPStatusCode: 500,
		}
		if i%2 == 1 {
			a.Product, a.Status = "x"+short, "x"+short
		}
		all = append(all, activitiestest.WithAttributes(a))
	}
	return all
}

type fixedComponents []Component

func (c fixedComponents) Components(context.Context) []Component { return c }

// components are what a collector may tell of its receivers.
func components() Components {
	since := time.Now().Add(-49 * time.Hour)
	return fixedComponents{
		{Product: "salesforce", On: true, Condition: Recoverable, Since: since, Reason: "subscribing to /data/ChangeEvents: the session has expired; check SALESFORCE_CLIENT_SECRET"},
		{Product: "shopify", On: true, Condition: Listening, Since: since},
		{Product: "zis", On: true, Condition: Listening, Since: since},
		{Product: "actions", On: true, Condition: Listening, Since: since},
		{Product: "webhooks", On: true, Condition: Connected, Since: since, LastReceived: time.Now()},
		{Product: "bot-builder", Variables: []string{"BOT_BUILDER_TOKEN"}},
		{Product: "sunshine-conversations"},
	}
}
