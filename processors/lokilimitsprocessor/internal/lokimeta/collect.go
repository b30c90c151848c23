// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"cmp"
	"slices"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/text"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

// maxCollected bounds how many attributes are looked at beside the important ones.
const maxCollected = 1024

// attribute is one piece of metadata as Loki will store it.
type attribute struct {
	// key is what the attribute will be called, name what Loki makes of it.
	key, name string
	// text is the value as Loki renders it.
	text string
	// value is the value as it came.
	value pcommon.Value
	// rewritten tells that text has to take the place of value.
	rewritten bool
	// rank is lower for what is more important, position is the place in the record.
	rank, position int
}

// isID tells whether Loki stores the attribute as the id, by which activities are looked up.
func (a *attribute) isID() bool { return a.name == idName }

func (a *attribute) size() int { return len(a.name) + len(a.text) }

// rewrite gives the attribute another value.
func (a *attribute) rewrite(s string) {
	a.text, a.rewritten = s, true
}

// collection takes attributes apart the way Loki does.
type collection struct {
	labels     map[string]pcommon.Value
	attributes []attribute
	seen       map[int]bool
	dropped    droppedAttributes
	changes    change.Set
	// stale tells that the attributes have to be written back.
	stale bool
}

func collect(attributes pcommon.Map, labels []string) *collection {
	c := &collection{
		labels:     make(map[string]pcommon.Value, len(labels)),
		attributes: make([]attribute, 0, min(attributes.Len(), maxCollected)),
		seen:       make(map[int]bool, len(important)),
	}
	for key, value := range attributes.All() {
		if slices.Contains(labels, key) {
			if _, twice := c.labels[key]; !twice {
				c.labels[key] = value
				continue
			}
		}
		c.add("", key, value, maxFlattened)
	}
	return c
}

// add takes one attribute apart. Loki joins the names of nested maps by underscores.
func (c *collection) add(prefix, key string, value pcommon.Value, levels int) {
	if prefix != "" {
		key = prefix + "." + key
	}
	clean, name := cleanName(key)
	if clean != key {
		c.change(change.InvalidName)
	}
	if value.Type() == pcommon.ValueTypeMap && levels > 0 {
		for child, childValue := range value.Map().All() {
			c.add(clean, child, childValue, levels-1)
		}
		return
	}

	a := attribute{key: clean, name: name, value: value, position: len(c.attributes)}
	switch value.Type() {
	case pcommon.ValueTypeMap:
		c.changes |= MakeRenderable(value)
		a.rewrite(value.AsString())
		c.change(change.TooDeep)
	case pcommon.ValueTypeSlice:
		c.changes |= MakeRenderable(value)
		a.text = value.AsString()
	default:
		a.text = value.AsString()
	}
	c.keepOrDrop(c.valid(a))
}

// valid repairs the text of a value.
func (c *collection) valid(a attribute) attribute {
	if a.isID() {
		if !storableID(a.text) {
			a.rewrite(text.Identify(a.text, MaxID))
			c.change(change.InvalidID)
		}
		return a
	}
	if valid := text.Valid(a.text); valid != a.text {
		a.rewrite(valid)
		c.change(change.InvalidText)
	}
	return a
}

// keepOrDrop keeps what is important, and of the rest as much as is looked at.
func (c *collection) keepOrDrop(a attribute) {
	rank, isImportant := ranks[a.key]
	a.rank = rank
	if !isImportant {
		a.rank = len(important)
	}
	switch {
	case isImportant && !c.seen[rank]:
		c.seen[rank] = true
	case len(c.attributes) >= maxCollected+len(important):
		c.dropped.add(&a)
		c.change(change.TooManyAttributes)
		return
	}
	c.attributes = append(c.attributes, a)
}

func (c *collection) change(kind change.Kind) {
	c.changes |= change.Of(kind)
	c.stale = true
}

// byImportance orders attributes without regard to the order in which they came:
// a redelivery need not keep it, and has to become the same entry.
func byImportance(a, b attribute) int {
	return cmp.Or(
		cmp.Compare(a.rank, b.rank),
		cmp.Compare(a.name, b.name),
		cmp.Compare(a.key, b.key),
		cmp.Compare(a.text, b.text),
	)
}
