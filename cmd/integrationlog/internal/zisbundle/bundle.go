// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

const (
	typeFlow    = "ZIS::Flow"
	typeAction  = "ZIS::Action::Http"
	typeJobSpec = "ZIS::JobSpec"

	jqAction = "zis:common:transform:Jq"
)

// bundle is a document that declares the resources of one integration.
type bundle struct {
	*document
	resources *node
	flows     []*flow
	// keys are the integrations that its resources name; one, if all is well.
	keys []string
}

// flow is a resource of a bundle.
type flow struct {
	name    string
	startAt *node
	states  *node
	// foreign are the events that start it and are none of Zendesk's own.
	foreign []string
}

func read(source []byte) (*bundle, error) {
	d, err := parse(source)
	if err != nil {
		return nil, err
	}
	b := &bundle{document: d, resources: d.root.at("resources")}
	if !b.resources.isObject() {
		return nil, errors.New(`it has no object "resources": is it a bundle of ZIS?`)
	}
	for _, resource := range b.resources.members {
		if resource.value.string("type") != typeFlow {
			continue
		}
		f, err := readFlow(resource)
		if err != nil {
			return nil, err
		}
		b.flows = append(b.flows, f)
	}
	if len(b.flows) == 0 {
		return nil, fmt.Errorf("it has no flow: none of its %d resources has the type %s", len(b.resources.members), typeFlow)
	}
	b.readJobSpecs()
	b.readKeys()
	return b, nil
}

func readFlow(resource member) (*flow, error) {
	f := &flow{name: resource.value.at("properties").string("name")}
	if f.name == "" {
		f.name = resource.name
	}
	definition := resource.value.at("properties", "definition")
	f.states = definition.at("States")
	if !f.states.isObject() || len(f.states.members) == 0 {
		return nil, fmt.Errorf("flow %s: it has no States", f.name)
	}
	f.startAt = definition.at("StartAt")
	if !f.startAt.isString() {
		return nil, fmt.Errorf("flow %s: it has no StartAt; name the state that it starts with", f.name)
	}
	for _, state := range f.states.members {
		if !state.value.isObject() {
			return nil, f.errorf(state.name, "it is no object")
		}
		if strings.HasPrefix(state.name, ownPrefix) && !isOwn(state.name, state.value) {
			return nil, f.errorf(state.name, "names that begin with %s belong to the log steps; give it another name", ownPrefix)
		}
	}
	return f, nil
}

// readJobSpecs finds flows whose events come from elsewhere than Zendesk: such an event
// does not say by itself which one it is.
func (b *bundle) readJobSpecs() {
	for _, resource := range b.resources.members {
		properties := resource.value.at("properties")
		source := properties.string("event_source")
		if resource.value.string("type") != typeJobSpec || source == "" || source == "support" {
			continue
		}
		for _, f := range b.flows {
			if strings.HasSuffix(properties.string("flow_name"), ":flow:"+f.name) {
				f.foreign = append(f.foreign, source+" "+properties.string("event_type"))
			}
		}
	}
}

// readKeys gathers the integration keys out of names such as zis:KEY:action:NAME.
func (b *bundle) readKeys() {
	see := func(name string) {
		parts := strings.SplitN(name, ":", 4)
		if len(parts) == 4 && parts[0] == "zis" && parts[1] != "common" && parts[1] != "" {
			b.keys = append(b.keys, parts[1])
		}
	}
	for _, resource := range b.resources.members {
		see(resource.value.at("properties").string("flow_name"))
	}
	for _, f := range b.flows {
		for _, state := range f.states.members {
			see(state.value.string("ActionName"))
		}
	}
	slices.Sort(b.keys)
	b.keys = slices.Compact(b.keys)
}

// check finds what would make the log steps lead nowhere.
func (f *flow) check() error {
	if f.states.member(f.startAt.text) == nil {
		return fmt.Errorf("flow %s: it starts at the state %q, which it does not have", f.name, f.startAt.text)
	}
	for _, state := range f.states.members {
		for _, next := range references(state.value) {
			if f.states.member(next.text) == nil {
				return f.errorf(state.name, "it goes on with the state %q, which the flow does not have; correct the name, or add the state", next.text)
			}
		}
		if strings.Contains(state.name, "\x00") || state.name == "" {
			return f.errorf(state.name, "it has no proper name")
		}
	}
	return nil
}

// usesOwnData says whether the flow itself keeps something where the steps keep theirs.
func (b *bundle) usesOwnData(f *flow) error {
	for _, state := range f.states.members {
		if strings.Contains(string(b.source[state.value.start:state.value.end]), entryPath) {
			return f.errorf(state.name, "it uses %s, which the log steps use; take another path", entryPath)
		}
	}
	return nil
}
