// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

// weaver puts the log steps into one flow.
type weaver struct {
	*flow
	bundle  *bundle
	options Options
	report  *FlowReport

	edits []edit
	added []addition
}

func (w *weaver) weave() []edit {
	for _, state := range w.states.members {
		switch kind := state.value.string("Type"); kind {
		case "Succeed", "Fail":
			w.before(state, kind)
			continue
		case "Map":
			w.noteIterator(state)
		}
		w.notePath(state)
		w.behind(state)
		if catchable(state.value) && state.value.at("Catch") == nil {
			w.catch(state)
		}
	}
	if len(w.added) > 0 {
		w.edits = append(w.edits, w.bundle.add(w.states, w.added...))
	}
	return w.edits
}

// before logs an end that the flow's author made a state of. Whatever led to the state
// leads to the log step, and that to the state, which is left as it is.
func (w *weaver) before(state member, kind string) {
	leading := w.leadingTo(state.name)
	if len(leading) == 0 {
		w.report.note(state.name, kind, "nothing leads to it, so nothing is logged")
		return
	}
	first := ownName(partEntry, state.name)
	for _, reference := range leading {
		w.edits = append(w.edits, replace(reference, quote(first)))
	}
	e := w.entry(state.name, levelInfo)
	if kind == "Fail" {
		e.level = levelError
		e.cause = textOrPath(state.value, "Cause")
		e.failure = textOrPath(state.value, "Error")
		e.message = e.cause
		e.caught = w.caughtBefore(state.name)
	} else if e.message = textOrPath(state.value, "Message"); e.message == "" {
		e.message = executionSuccessful
	}
	w.add(e, first, ownName(partPost, state.name), state.name)
	w.report.logged(state.name, kind, e.level)
}

// behind logs an end that is only a property of a state.
func (w *weaver) behind(state member) {
	end := state.value.member("End")
	if end == nil || string(w.bundle.source[end.value.start:end.value.end]) != "true" {
		return
	}
	first, last := ownName(partEndEntry, state.name), ownName(partEnd, state.name)
	w.edits = append(w.edits, rename(end, "Next", quote(first))...)
	e := w.entry(state.name, levelInfo)
	e.message = executionSuccessful
	w.add(e, first, ownName(partEndPost, state.name), last)
	w.added = append(w.added, endState(last))
	w.report.logged(state.name, state.value.string("Type")+", End", e.level)
}

// catch logs the failure of a state and lets the flow fail with it, if it is asked to.
func (w *weaver) catch(state member) {
	kind := state.value.string("Type")
	if !w.options.catches(w.name, state.name) {
		w.report.uncaught(state.name, kind)
		return
	}
	first, last := ownName(partErrorEntry, state.name), ownName(partError, state.name)
	w.edits = append(w.edits, w.bundle.add(state.value, addition{"Catch", catchAll(caughtPath, first)}))
	e := w.entry(state.name, levelError)
	e.caught = []string{caughtPath}
	w.add(e, first, ownName(partErrorPost, state.name), last)
	w.added = append(w.added, errorState(last, state.name))
	w.report.caught(state.name, kind)
}

func (w *weaver) entry(state, level string) entry {
	return entry{
		integration: w.options.Integration, flow: w.name, state: state, level: level,
		reference: w.options.EventReference, time: w.options.EventTime,
	}
}

func (w *weaver) add(e entry, first, second, next string) {
	s := step{entryState: first, postState: second, next: next, entry: e, action: w.options.Action}
	w.added = append(w.added, s.states()...)
}

func (w *weaver) leadingTo(name string) []*node {
	var leading []*node
	if w.startAt.text == name {
		leading = append(leading, w.startAt)
	}
	for _, state := range w.states.members {
		for _, reference := range references(state.value) {
			if reference.text == name {
				leading = append(leading, reference)
			}
		}
	}
	return leading
}

// caughtBefore finds where a Catch that leads to a state keeps the error: its cause says
// more than the sentence of the flow's author.
func (w *weaver) caughtBefore(name string) []string {
	var paths []string
	for _, state := range w.states.members {
		catch := state.value.at("Catch")
		if catch == nil {
			continue
		}
		for _, element := range catch.elements {
			if element.string("Next") != name {
				continue
			}
			path := element.string("ResultPath")
			if path == "" {
				path = "$"
			}
			paths = append(paths, path)
		}
	}
	return paths
}

// noteIterator says that the states of an iterator are left alone: they see the item
// that they work on, and neither the event nor whose it is.
func (w *weaver) noteIterator(state member) {
	inner := state.value.at("Iterator", "States")
	if inner.isObject() && len(inner.members) > 0 {
		w.report.iterator(state.name, len(inner.members))
	}
}

// notePath says where a flow forgets what it was started with: without a ResultPath a
// result replaces all that the flow holds.
func (w *weaver) notePath(state member) {
	if catchable(state.value) && state.value.string("ResultPath") == "" {
		w.report.forgets(state.name, state.value.string("Type"))
		return
	}
	if catch := state.value.at("Catch"); catch != nil {
		for _, element := range catch.elements {
			if element.string("ResultPath") == "" {
				w.report.forgets(state.name, "Catch")
			}
		}
	}
}

// textOrPath is what a state says, be it a text or a path.
func textOrPath(state *node, name string) string {
	if text := state.string(name); text != "" {
		return text
	}
	return state.string(name + ".$")
}
