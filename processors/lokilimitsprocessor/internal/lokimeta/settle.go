// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"cmp"
	"hash/fnv"
	"io"
	"math"
	"slices"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/text"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

// target says what attributes have to keep to.
type target struct {
	// labels are the keys that become labels and therefore no metadata.
	labels []string
	// taken holds the names that the entry has already, with their values.
	taken map[string]string
	// limit is what is left for the attributes.
	limit Usage
	// marker is the attribute that tells how many were dropped.
	marker string
}

// settle changes attributes until Loki takes them. It returns what they take up
// then, and the hashes of their names appended to names.
func settle(attributes pcommon.Map, t target, names []uint64) (Usage, []uint64, change.Set) {
	c := collect(attributes, t.labels)
	delete(t.taken, lokiName(t.marker))
	delete(t.taken, lokiName(t.marker+digestSuffix))
	slices.SortStableFunc(c.attributes, byImportance)
	c.resolveClashes(t.taken)
	c.dropSurplus(t)
	c.cutLongest(t.limit.Bytes)
	if c.stale {
		c.writeTo(attributes, t.labels)
	}

	var usage Usage
	for i := range c.attributes {
		a := &c.attributes[i]
		usage = usage.Plus(Usage{Attributes: 1, Bytes: a.size()})
		names = append(names, nameHash(a.name))
	}
	return usage, names, c.changes
}

// resolveClashes numbers attributes that Loki would call the same: it keeps one of
// them and says nothing. What is there already, word for word, needs no second copy.
func (c *collection) resolveClashes(taken map[string]string) {
	kept := c.attributes[:0]
	next := map[string]int{}
	for _, a := range c.attributes {
		if value, clash := taken[a.name]; clash {
			c.stale = true
			if value == a.text {
				continue
			}
			c.change(change.NameClash)
			a.number(taken, next)
		}
		taken[a.name] = a.text
		kept = append(kept, a)
	}
	c.attributes = kept
}

// number gives the attribute a name that is free.
func (a *attribute) number(taken map[string]string, next map[string]int) {
	key, name := a.key, a.name
	for clash := true; clash; _, clash = taken[a.name] {
		next[name] = max(next[name], 1) + 1
		a.key = key + "_" + strconv.Itoa(next[name])
		a.name = lokiName(a.key)
	}
}

// droppedAttributes tells what was dropped.
type droppedAttributes struct {
	count int64
	sum   uint64
}

// add counts an attribute. The sum does not depend on the order.
func (d *droppedAttributes) add(a *attribute) {
	hash := fnv.New64a()
	_, _ = io.WriteString(hash, a.name)
	_, _ = hash.Write([]byte{0})
	_, _ = io.WriteString(hash, a.text)
	d.sum += hash.Sum64()
	d.count++
}

// absorb takes the marks of an earlier pass into the new ones.
func (d *droppedAttributes) absorb(a *attribute, count, digest string) bool {
	switch {
	case a.name == count && a.value.Type() == pcommon.ValueTypeInt:
		d.count += a.value.Int()
	case a.name == digest && a.value.Type() == pcommon.ValueTypeStr:
		d.sum += nameHash(a.text)
	case a.name == count || a.name == digest:
		d.add(a)
	default:
		return false
	}
	return true
}

// dropSurplus keeps the most important attributes and marks that some are missing.
// The digest keeps entries apart that differ in nothing but what was dropped.
func (c *collection) dropSurplus(t target) {
	if c.dropped.count == 0 && len(c.attributes) <= t.limit.Attributes {
		return
	}
	c.change(change.TooManyAttributes)
	count, digest := t.marker, t.marker+digestSuffix
	c.attributes = slices.DeleteFunc(c.attributes, func(a attribute) bool {
		return c.dropped.absorb(&a, lokiName(count), lokiName(digest))
	})
	keep := min(max(t.limit.Attributes-2, 0), len(c.attributes))
	for i := keep; i < len(c.attributes); i++ {
		c.dropped.add(&c.attributes[i])
	}
	c.attributes = append(c.attributes[:keep:keep],
		mark(count, strconv.FormatInt(c.dropped.count, 10), pcommon.NewValueInt(c.dropped.count)),
		mark(digest, strconv.FormatUint(c.dropped.sum, 16), pcommon.NewValueStr(strconv.FormatUint(c.dropped.sum, 16))),
	)
}

// mark returns an attribute of ours; it is written behind all others.
func mark(key, rendered string, value pcommon.Value) attribute {
	return attribute{key: key, name: lokiName(key), text: rendered, value: value, position: math.MaxInt}
}

// cutLongest shortens the longest values until the sum keeps to the limit. The id
// stays whole: it is what tells two activities apart.
func (c *collection) cutLongest(limit int) {
	total := 0
	lengths := make([]int, 0, len(c.attributes))
	for i := range c.attributes {
		a := &c.attributes[i]
		total += a.size()
		if !a.isID() {
			lengths = append(lengths, len(a.text))
		}
	}
	if total <= limit {
		return
	}
	longest := max(cutLevel(lengths, total-limit), text.MinLimit)
	for i := range c.attributes {
		a := &c.attributes[i]
		if !a.isID() && len(a.text) > longest {
			a.rewrite(text.Cut(a.text, longest))
			c.change(change.MetadataTooLarge)
		}
	}
}

// cutLevel returns the length to which all longer ones have to be cut so that at
// least surplus bytes go.
func cutLevel(lengths []int, surplus int) int {
	slices.SortFunc(lengths, func(a, b int) int { return cmp.Compare(b, a) })
	cut := 0
	for i, length := range lengths {
		next := 0
		if i+1 < len(lengths) {
			next = lengths[i+1]
		}
		if step := (i + 1) * (length - next); cut+step < surplus {
			cut += step
			continue
		}
		return length - (surplus-cut+i)/(i+1)
	}
	return 0
}

// writeTo writes labels and attributes back in the order in which they came.
func (c *collection) writeTo(attributes pcommon.Map, labels []string) {
	slices.SortStableFunc(c.attributes, func(a, b attribute) int {
		return cmp.Compare(a.position, b.position)
	})
	fresh := pcommon.NewMap()
	fresh.EnsureCapacity(len(c.labels) + len(c.attributes))
	for _, key := range labels {
		if value, ok := c.labels[key]; ok {
			value.MoveTo(fresh.PutEmpty(key))
		}
	}
	for i := range c.attributes {
		a := &c.attributes[i]
		if a.rewritten {
			fresh.PutStr(a.key, a.text)
			continue
		}
		a.value.MoveTo(fresh.PutEmpty(a.key))
	}
	fresh.MoveTo(attributes)
}
