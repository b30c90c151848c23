// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"fmt"
	"io"
	"strings"
)

// Report says what was done to a bundle, and what the log will not see.
type Report struct {
	// Changed says whether the bundle is another than before.
	Changed bool
	// Integration is the key of the integration.
	Integration string
	// Action is the name of the action that posts, URL where to, Connection with what.
	Action, URL, Connection string
	ActionAdded             bool
	// ActionBefore is the name of the action whose place it takes, if there was one.
	ActionBefore string
	Flows        []*FlowReport

	caughtAny bool
}

// FlowReport is the part of a report that is about one flow.
type FlowReport struct {
	Name string
	// Uncaught are the states whose failure the log does not see.
	Uncaught []string

	lines   []string
	foreign []string
}

func (r *Report) flow(f *flow) *FlowReport {
	added := &FlowReport{Name: f.name, foreign: f.foreign}
	r.Flows = append(r.Flows, added)
	return added
}

func (f *FlowReport) note(state, kind, text string) {
	f.lines = append(f.lines, fmt.Sprintf("%s (%s): %s", state, kind, text))
}

func (f *FlowReport) logged(state, kind, level string) {
	f.note(state, kind, "logged, "+level)
}

func (f *FlowReport) caught(state, kind string) {
	f.note(state, kind, "failure is caught and logged; the flow then fails as before, but ZIS does not run it again")
}

func (f *FlowReport) uncaught(state, kind string) {
	f.Uncaught = append(f.Uncaught, state)
	f.note(state, kind, "failure is NOT logged: it has no Catch")
}

func (f *FlowReport) iterator(state string, states int) {
	f.note(state, "Map", fmt.Sprintf("%d states of its iterator are left alone", states))
}

func (f *FlowReport) forgets(state, kind string) {
	f.note(state, kind, "it has no ResultPath, so entries behind it have neither id, time nor account; give it one")
}

// Write prints the report, flow by flow.
func (r *Report) Write(out io.Writer, file string) {
	if !r.Changed {
		fmt.Fprintf(out, "%s: nothing to change\n", file)
	}
	how := "posts to"
	switch {
	case r.ActionAdded:
		how = "added, posts to"
	case r.ActionBefore != "":
		how = fmt.Sprintf("(so far %s) posts to", r.ActionBefore)
	}
	fmt.Fprintf(out, "%s: integration %s, action %s %s %s with the connection %s\n", file, r.Integration, r.Action, how, r.URL, r.Connection)
	uncaught := 0
	for _, f := range r.Flows {
		f.write(out)
		uncaught += len(f.Uncaught)
	}
	if uncaught > 0 {
		fmt.Fprintf(out, `
%d states have no Catch. When one of them fails, the flow ends there and then, and nothing
can be logged. They were left alone, as ZIS runs a flow again after a 429 or a server error
only as long as nothing catches it. Where you can do without that, or make up for it:
  --catch STATE,STATE   or   --catch %s
`, uncaught, CatchAll)
	}
	if r.caughtAny {
		fmt.Fprintf(out, `
Note what a Catch takes away: ZIS runs a flow again after a 429 or a server error, at most four
times in all, only as long as nothing catches it. A flow that fails in a state which got a Catch
ends there, so a short outage that would have repaired itself no longer does. Where you need
ZIS's second run, keep it:
  --catch STATE,STATE   for the states that may be caught, or   --catch %s
`, CatchNone)
	}
	fmt.Fprintf(out, "\nThe connection %s has to exist before the bundle runs: without it ZIS does not start a flow.\n", r.Connection)
	if strings.Contains(r.URL, "LOG_HOST") {
		fmt.Fprint(out, "LOG_HOST stands for the host of your log: give its address with --url.\n")
	}
}

func (f *FlowReport) write(out io.Writer) {
	fmt.Fprintf(out, "flow %s\n", f.Name)
	for _, line := range f.lines {
		fmt.Fprintf(out, "  %s\n", line)
	}
	if len(f.foreign) > 0 {
		fmt.Fprintf(out, "  started by %s: if its events have no meta as Zendesk's own have, entries have neither id nor time; "+
			"--event-ref and --event-time name them\n", strings.Join(f.foreign, ", "))
	}
}
