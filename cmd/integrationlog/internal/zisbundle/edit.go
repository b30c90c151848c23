// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// edit replaces a part of the text. Edits of one text do not overlap.
type edit struct {
	start, end int
	text       string
}

// addition is a member to add: a name, and JSON without blanks.
type addition struct {
	name string
	json string
}

func (d *document) apply(edits []edit) []byte {
	slices.SortStableFunc(edits, func(a, b edit) int { return a.start - b.start })
	var out bytes.Buffer
	from := 0
	for _, e := range edits {
		out.Write(d.source[from:e.start])
		out.WriteString(e.text)
		from = e.end
	}
	out.Write(d.source[from:])
	return out.Bytes()
}

// replace writes another value in the place of one.
func replace(n *node, json string) edit {
	return edit{start: n.start, end: n.end, text: json}
}

// rename writes another name and value in the place of a member; what is between them
// stays as it was.
func rename(m *member, name, json string) []edit {
	return []edit{{start: m.nameStart, end: m.nameEnd, text: quote(name)}, replace(m.value, json)}
}

// add puts members behind those that an object has, in the object's own layout.
func (d *document) add(object *node, additions ...addition) edit {
	var text strings.Builder
	if len(object.members) == 0 {
		for i, a := range additions {
			if i > 0 {
				text.WriteByte(',')
			}
			text.WriteString(quote(a.name) + ":" + a.json)
		}
		return edit{start: object.start + 1, end: object.start + 1, text: text.String()}
	}
	layout := d.layoutOf(object)
	for _, a := range additions {
		text.WriteString(layout.comma + quote(a.name) + layout.colon + layout.value(a.json))
	}
	end := object.members[len(object.members)-1].value.end
	return edit{start: end, end: end, text: text.String()}
}

// remove takes members out, each with the comma that it no longer needs.
func remove(object *node, unwanted func(member) bool) []edit {
	kept := slices.IndexFunc(object.members, func(m member) bool { return !unwanted(m) })
	var edits []edit
	for i, m := range object.members {
		switch {
		case !unwanted(m):
		case kept < 0 && i > 0, kept >= 0 && i > kept:
			edits = append(edits, edit{start: object.members[i-1].value.end, end: m.value.end})
		case kept < 0:
			edits = append(edits, edit{start: m.nameStart, end: m.value.end})
		default:
			edits = append(edits, edit{start: m.nameStart, end: object.members[i+1].nameStart})
		}
	}
	return edits
}

// layout is how an object is written: on one line or on many.
type layout struct {
	comma, colon string
	// prefix and unit indent what is on lines of its own.
	lines        bool
	prefix, unit string
}

func (d *document) layoutOf(object *node) layout {
	first := object.members[0]
	before := string(d.source[object.start+1 : first.nameStart])
	l := layout{comma: ",", colon: string(d.source[first.nameEnd:first.value.start])}
	if at := strings.LastIndexByte(before, '\n'); at >= 0 {
		l.lines = true
		l.prefix = before[at+1:]
		l.unit = d.unit()
		l.comma = ",\n" + l.prefix
		if strings.Contains(before, "\r\n") {
			l.comma = ",\r\n" + l.prefix
		}
		return l
	}
	if len(object.members) > 1 {
		l.comma = string(d.source[first.value.end:object.members[1].nameStart])
	}
	return l
}

// unit is what one level is indented by, judged by the first level.
func (d *document) unit() string {
	const usual = "  "
	if len(d.root.members) == 0 {
		return usual
	}
	before := string(d.source[d.root.start+1 : d.root.members[0].nameStart])
	if at := strings.LastIndexByte(before, '\n'); at >= 0 && before[at+1:] != "" {
		return before[at+1:]
	}
	return usual
}

func (l layout) value(json string) string {
	if !l.lines {
		return json
	}
	indented, err := jsontext.AppendFormat(nil, []byte(json), jsontext.Multiline(true), jsontext.SpaceAfterColon(true),
		jsontext.WithIndentPrefix(l.prefix), jsontext.WithIndent(l.unit))
	if err != nil {
		return json // valid too, only on one line
	}
	if strings.HasPrefix(l.comma, ",\r\n") {
		return strings.ReplaceAll(string(indented), "\n", "\r\n")
	}
	return string(indented)
}
