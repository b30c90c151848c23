// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import "fmt"

// withoutOwn takes out what an earlier instrumentation added to the flows, so that it
// can be added anew, and what it was added to can be compared.
func withoutOwn(b *bundle) ([]byte, error) {
	var edits []edit
	for _, f := range b.flows {
		found, err := f.removeOwn()
		if err != nil {
			return nil, err
		}
		edits = append(edits, found...)
	}
	return b.apply(edits), nil
}

func (f *flow) removeOwn() ([]edit, error) {
	own := func(m member) bool { return isOwn(m.name, m.value) }
	edits := remove(f.states, own)
	if target, err := f.behindOwn(f.startAt.text); err != nil {
		return nil, err
	} else if target.name != f.startAt.text {
		edits = append(edits, replace(f.startAt, quote(target.name)))
	}
	for _, m := range f.states.members {
		if own(m) {
			continue
		}
		restored, err := f.restore(m)
		if err != nil {
			return nil, err
		}
		edits = append(edits, restored...)
	}
	return edits, nil
}

// restore lets a state go on where it went on before.
func (f *flow) restore(state member) ([]edit, error) {
	var edits []edit
	if next := state.value.member("Next"); next != nil && next.value.isString() {
		target, err := f.behindOwn(next.value.text)
		switch {
		case err != nil:
			return nil, err
		case isOwn(target.name, target.value):
			edits = append(edits, rename(next, "End", "true")...)
		case target.name != next.value.text:
			edits = append(edits, replace(next.value, quote(target.name)))
		}
	}
	caught, err := f.restoreCatch(state)
	if err != nil {
		return nil, err
	}
	edits = append(edits, caught...)
	next, catch := state.value.at("Next"), state.value.at("Catch")
	for _, reference := range references(state.value) {
		if reference == next || within(catch, reference) {
			continue
		}
		target, err := f.behindOwn(reference.text)
		if err != nil {
			return nil, err
		}
		if target.name != reference.text {
			edits = append(edits, replace(reference, quote(target.name)))
		}
	}
	return edits, nil
}

// restoreCatch takes out a Catch that was added, and restores others.
func (f *flow) restoreCatch(state member) ([]edit, error) {
	catch := state.value.at("Catch")
	if catch == nil {
		return nil, nil
	}
	var edits []edit
	added := 0
	for _, element := range catch.elements {
		next := element.at("Next")
		if !next.isString() {
			continue
		}
		target, err := f.behindOwn(next.text)
		switch {
		case err != nil:
			return nil, err
		case isOwn(target.name, target.value):
			added++
		case target.name != next.text:
			edits = append(edits, replace(next, quote(target.name)))
		}
	}
	switch {
	case added == 0:
		return edits, nil
	case added == len(catch.elements):
		return remove(state.value, func(m member) bool { return m.name == "Catch" }), nil
	}
	return nil, f.errorf(state.name, "its Catch has entries of yours beside one that was added; take one of them out by hand")
}

// behindOwn follows the states that were added to the first that was not, or to the one
// that ends the flow.
func (f *flow) behindOwn(name string) (member, error) {
	for range f.states.members {
		m := f.states.member(name)
		if m == nil {
			return member{name: name}, nil // the check of the flow names it
		}
		next := m.value.string("Next")
		if !isOwn(m.name, m.value) || next == "" {
			return *m, nil
		}
		name = next
	}
	return member{}, f.errorf(name, "the log steps lead in a circle; take the states that begin with %s out by hand", ownPrefix)
}

func within(list, wanted *node) bool {
	return list != nil && wanted.start >= list.start && wanted.end <= list.end
}

// errorf names the place of a fault.
func (f *flow) errorf(state, format string, arguments ...any) error {
	return fmt.Errorf("flow %s, state %s: %w", f.name, state, fmt.Errorf(format, arguments...))
}
