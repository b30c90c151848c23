// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import "strings"

const (
	levelInfo  = "info"
	levelError = "error"

	// executionSuccessful is what ZIS itself logs for a flow that ends without a message.
	executionSuccessful = "Execution Successful"
)

// entry is what one log step tells. Its texts may have placeholders.
type entry struct {
	integration, flow, state string

	level   string
	message string
	// failure is the name of an error; cause is its text.
	failure string
	cause   string
	// caught are the paths at which the error of a state may be, each an object with a
	// Cause.
	caught []string

	// reference and time are paths that the caller knows of; without them the event says.
	reference, time string
}

// known gathers what the flow was started with. The event is the member of the input
// that has a meta: ticket_event, user_event and the like. A Catch without a ResultPath
// has replaced all of it with the error: then there is nothing, and no harm done.
const known = `(if type == "object" then . else {} end) as $d` +
	` | ($d.input | if type == "object" then . else {} end) as $in` +
	` | ([$in | to_entries[] | select((.value | type) == "object" and (.value.meta | type) == "object")][0] // {"key": "", "value": {"meta": {}}}) as $e` +
	` | $e.value.meta as $m` +
	` | ($m.sequence | if type == "object" then . else {} end) as $s` +
	` | ($e.key | rtrimstr("_event")) as $t` +
	` | ($e.value[$t] | if type == "object" then .id else null end) as $o`

// expression is the jq that builds the entry out of all that the flow holds.
func (e entry) expression() string {
	var jq strings.Builder
	jq.WriteString(known)
	jq.WriteString(` | (` + e.referenceJQ() + ` | map(select(. != null) | tostring) | join("-")) as $r`)
	jq.WriteString(` | ` + e.causeJQ() + ` as $c`)
	jq.WriteString(` | ($d.integration_key // ` + quote(e.integration) + `) as $k`)
	jq.WriteString(` | {"id": (if $r == "" then null else (["zis", $d.account_id, $k, ` +
		quote(e.flow) + `, ` + quote(e.state) + `, ` + quote(e.level) + `, $r] | map(tostring) | join(":")) end)`)
	jq.WriteString(`, "timestamp": ` + e.timeJQ())
	jq.WriteString(`, "product": "zis", "service": "zis", "level": ` + quote(e.level))
	jq.WriteString(`, "message": (` + e.messageJQ() + ` | .[0:2000])`)
	jq.WriteString(`, "fields": ({"integration_key": $k, "account_id": $d.account_id, "subdomain": $d.subdomain`)
	jq.WriteString(`, "flow": ` + quote(e.flow) + `, "state": ` + quote(e.state))
	jq.WriteString(`, "cause": $c, "error": ` + e.failureJQ())
	jq.WriteString(`, "event_ref": (if $r == "" then null else $r end)`)
	jq.WriteString(`, "object": (if $o == null then null else {"type": $t, "id": ($o | tostring)} end)}`)
	jq.WriteString(` | with_entries(select(.value != null)))} | with_entries(select(.value != null))`)
	return jq.String()
}

// referenceJQ tells an event from all others. One change of a ticket causes several
// events that share a sequence, so the position belongs to it.
func (e entry) referenceJQ() string {
	if path, ok := jqPath(e.reference); ok {
		return `[$d | ` + path + `]`
	}
	return `[$m.ref, $s.id, $s.position]`
}

// timeJQ is when the event happened: unlike the time of the step it is the same when
// ZIS runs the flow again.
func (e entry) timeJQ() string {
	if path, ok := jqPath(e.time); ok {
		return `($d | ` + path + `)`
	}
	return `$m.occurred_at`
}

func (e entry) causeJQ() string {
	var causes []string
	for _, caught := range e.caught {
		if path, ok := jqPath(strings.TrimSuffix(caught, ".") + ".Cause"); ok {
			causes = append(causes, path)
		}
	}
	if e.cause != "" {
		causes = append(causes, "("+jqText(e.cause)+")")
	}
	return `((` + strings.Join(append(causes, "null"), " // ") + `) | if . == null then null else (tostring | .[0:2000]) end)`
}

func (e entry) messageJQ() string {
	if e.message == "" {
		return `($c // ` + quote(e.state+" failed") + `)`
	}
	return `(` + jqText(e.message) + `)`
}

func (e entry) failureJQ() string {
	if e.failure == "" {
		return "null"
	}
	return `(` + jqText(e.failure) + ` | .[0:200])`
}
