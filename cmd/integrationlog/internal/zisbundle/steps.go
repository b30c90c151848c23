// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"strings"
)

// object writes members in the order in which they are to be read.
func object(members ...string) string {
	var text strings.Builder
	text.WriteByte('{')
	for i := 0; i+1 < len(members); i += 2 {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteString(quote(members[i]) + ":" + members[i+1])
	}
	text.WriteByte('}')
	return text.String()
}

func catchAll(resultPath, next string) string {
	return "[" + object("ErrorEquals", `["States.ALL"]`, "ResultPath", quote(resultPath), "Next", quote(next)) + "]"
}

// step is a log step: an entry is built, and posted, and whatever comes of it the flow
// goes on with the next state. So a log that is down, an entry that cannot be built, a
// credential that is wrong cost the entry and nothing else.
type step struct {
	entryState, postState, next string
	entry                       entry
	action                      string
}

func (s step) states() []addition {
	return []addition{
		{s.entryState, object(
			"Type", `"Action"`, "Comment", quote(ownComment),
			"ActionName", quote(jqAction),
			"Parameters", object("expr", quote(s.entry.expression()), "data.$", `"$"`),
			"ResultPath", quote(entryPath),
			"Catch", catchAll(entryPath, s.next),
			"Next", quote(s.postState),
		)},
		{s.postState, object(
			"Type", `"Action"`, "Comment", quote(ownComment),
			"ActionName", quote("zis:"+s.entry.integration+":action:"+s.action),
			"Parameters", object("entry.$", quote(entryPath)),
			"ResultPath", quote(entryPath),
			"Catch", catchAll(entryPath, s.next),
			"Next", quote(s.next),
		)},
	}
}

// endState ends a flow that ended with "End": true, and logs at Zendesk what that does.
func endState(name string) addition {
	return addition{name, object("Type", `"Succeed"`, "Comment", quote(ownComment))}
}

// errorState fails a flow with the error that a state failed with.
func errorState(name, failed string) addition {
	return addition{name, object(
		"Type", `"Fail"`, "Comment", quote(ownComment),
		"Error", quote(failed+" failed"),
		"Cause", quote("{{"+caughtPath+".Cause}}"),
	)}
}

// actionResource posts the entry as it is. The body is taken as a whole: placeholders
// in it would have to exist, and would make text of numbers.
func actionResource(o Options) string {
	return object(
		"type", quote(typeAction),
		"properties", object(
			"name", quote(o.Action),
			"definition", object(
				"method", `"POST"`,
				"url", quote(o.URL),
				"headers", "["+object("key", `"Content-Type"`, "value", `"application/json"`)+"]",
				"requestBody.$", `"$.entry"`,
				"connectionName", quote(o.Connection),
			),
		),
	)
}
