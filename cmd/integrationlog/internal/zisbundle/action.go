// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// logAction is a resource that posts entries.
type logAction struct {
	resource                  member
	name, address, connection *node
}

func readLogAction(resource member) (logAction, bool) {
	properties := resource.value.at("properties")
	definition := properties.at("definition")
	a := logAction{
		resource: resource, name: properties.at("name"),
		address: definition.at("url"), connection: definition.at("connectionName"),
	}
	return a, resource.value.string("type") == typeAction && definition.string("requestBody.$") == "$.entry" &&
		a.name.isString() && a.address.isString() && a.connection.isString()
}

// earlierActions finds what an earlier instrumentation posts with: what its log steps
// name; or else the one action that is as it would be added, and that nothing uses.
func (b *bundle) earlierActions(before *bundle) []logAction {
	named := before.namedBySteps()
	var byName, byShape []logAction
	for _, resource := range b.resources.members {
		a, ok := readLogAction(resource)
		switch {
		case !ok:
		case slices.Contains(named, a.name.text):
			byName = append(byName, a)
		case b.isAsAdded(a) && !uses(b.root, a.name.text):
			byShape = append(byShape, a)
		}
	}
	if len(byName) == 0 && len(byShape) == 1 {
		return byShape
	}
	return byName
}

// namedBySteps are the names of the actions that log steps post with.
func (b *bundle) namedBySteps() []string {
	var names []string
	for _, f := range b.flows {
		for _, state := range f.states.members {
			parts := strings.SplitN(state.value.string("ActionName"), ":", 4)
			if isOwn(state.name, state.value) && len(parts) == 4 && parts[2] == "action" {
				names = append(names, parts[3])
			}
		}
	}
	return names
}

// isAsAdded says whether nobody has changed an action but for its address and connection.
func (b *bundle) isAsAdded(a logAction) bool {
	found := jsontext.Value(b.source[a.resource.value.start:a.resource.value.end]).Clone()
	added := jsontext.Value(actionResource(Options{Action: a.name.text, URL: a.address.text, Connection: a.connection.text}))
	return a.resource.name == a.name.text && found.Canonicalize() == nil && added.Canonicalize() == nil && bytes.Equal(found, added)
}

// uses says whether a value names an action.
func uses(n *node, action string) bool {
	return n.isString() && strings.HasSuffix(n.text, ":action:"+action) ||
		slices.ContainsFunc(n.members, func(m member) bool { return uses(m.value, action) }) ||
		slices.ContainsFunc(n.elements, func(element *node) bool { return uses(element, action) })
}

// placeAction adds the action that posts, or makes it of an earlier one, which keeps its
// address and connection unless others are given. An earlier one of another name goes,
// unless states of the flows' author use it too.
func (b *bundle) placeAction(options *Options, earlier []logAction, report *Report) ([]edit, error) {
	report.Action = options.Action
	retired := slices.DeleteFunc(slices.Clone(earlier), func(a logAction) bool {
		return a.name.text == options.Action || uses(b.root, a.name.text)
	})
	present, err := b.actionNamed(options.Action, retired)
	if err != nil {
		return nil, err
	}
	var edits []edit
	if len(retired) > 0 {
		report.ActionBefore = retired[0].name.text
		if present == nil {
			present, retired = &retired[0], retired[1:]
			edits = present.rename(options.Action)
		}
		edits = append(edits, remove(b.resources, func(m member) bool { return isOneOf(retired, m) })...)
	}
	if present != nil {
		edits = append(edits, present.update(options)...)
	} else {
		options.addressLike(earlier)
		report.ActionAdded = true
		edits = append(edits, b.add(b.resources, addition{options.Action, actionResource(*options)}))
	}
	report.URL, report.Connection = options.URL, options.Connection
	return edits, nil
}

// actionNamed finds the action of a name, and refuses a name that something else has.
func (b *bundle) actionNamed(name string, retired []logAction) (*logAction, error) {
	for _, resource := range b.resources.members {
		if isOneOf(retired, resource) || resource.name != name && resource.value.at("properties").string("name") != name {
			continue
		}
		a, ok := readLogAction(resource)
		if !ok || a.name.text != name {
			return nil, fmt.Errorf("resource %s: the name belongs to the action that posts to the log; give it another (--action)", resource.name)
		}
		return &a, nil
	}
	return nil, nil //nolint:nilnil // a bundle need not have one
}

func isOneOf(actions []logAction, m member) bool {
	return slices.ContainsFunc(actions, func(a logAction) bool { return a.resource.value == m.value })
}

// rename gives an action another name, and its resource too if that has the same.
func (a *logAction) rename(name string) []edit {
	edits := []edit{replace(a.name, quote(name))}
	if a.resource.name == a.name.text {
		edits = append(edits, edit{start: a.resource.nameStart, end: a.resource.nameEnd, text: quote(name)})
	}
	return edits
}

// update sets what the options give, and takes into them what they do not.
func (a *logAction) update(options *Options) []edit {
	var edits []edit
	if options.URL != "" && options.URL != a.address.text {
		edits = append(edits, replace(a.address, quote(options.URL)))
	} else {
		options.URL = a.address.text
	}
	if options.Connection != "" && options.Connection != a.connection.text {
		edits = append(edits, replace(a.connection, quote(options.Connection)))
	} else {
		options.Connection = a.connection.text
	}
	return edits
}

// addressLike completes the options by what an earlier action has, or by what is usual.
func (o *Options) addressLike(earlier []logAction) {
	address, connection := DefaultURL, DefaultConnection
	if len(earlier) > 0 {
		address, connection = earlier[0].address.text, earlier[0].connection.text
	}
	if o.URL == "" {
		o.URL = address
	}
	if o.Connection == "" {
		o.Connection = connection
	}
}
