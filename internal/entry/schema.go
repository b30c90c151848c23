// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// The members that every entry may have at its top.
const (
	idPath        = "id"
	timestampPath = "timestamp"
	servicePath   = "service"
	levelPath     = "level"
	messagePath   = "message"
)

// envelope is what every entry may have at its top, and nowhere else.
var envelope = []Field{
	{Path: idPath, Kind: own},
	{Path: timestampPath, Kind: Sentence},
	{Path: servicePath, Kind: Word},
	{Path: levelPath, Kind: level},
	{Path: messagePath, Kind: Sentence},
}

// schema is the allow-list of a product.
type schema struct {
	fields []Field
	// numbers of the fields by path; 0 is nobody's.
	numbers map[string]allowlist.Field
	members allowlist.Members
	// inside is what is read of objects that are kept as a whole too.
	inside map[allowlist.Field]allowlist.Members
}

func newSchema(product *Product, include []string) *schema {
	s := &schema{fields: []Field{{}}, numbers: map[string]allowlist.Field{}, inside: map[allowlist.Field]allowlist.Members{}}
	for _, field := range envelope {
		s.add(field)
	}
	for _, field := range product.Fields {
		s.add(field)
	}
	for _, field := range commonFields {
		s.add(field)
	}
	for _, path := range include {
		s.add(Field{Path: path, Kind: included, Attribute: product.Prefix + "." + path})
	}

	below := allowlist.Members{}
	s.members = allowlist.Members{}
	for number := 1; number < len(s.fields); number++ {
		field := s.fields[number]
		insert(s.members, field, allowlist.Field(number))
		if number > len(envelope) {
			insert(below, field, allowlist.Field(number+len(s.fields)))
		}
	}
	s.takeOut(below)
	s.takeOut(s.members)
	s.members["fields"] = allowlist.Node{Members: below}
	return s
}

// takeOut moves the members of what is kept as a whole: an allow-list has the one or the
// other.
func (s *schema) takeOut(members allowlist.Members) {
	for name, node := range members {
		s.takeOut(node.Members)
		if node.Whole && node.Members != nil {
			s.inside[node.Field] = node.Members
			node.Members = nil
			members[name] = node
		}
	}
}

// add adds a field; the first of a path stays.
func (s *schema) add(field Field) {
	if _, known := s.numbers[field.Path]; known {
		return
	}
	s.numbers[field.Path] = allowlist.Field(len(s.fields))
	s.fields = append(s.fields, field)
}

// field returns the field of an allow-list's number, and whether it stood below "fields".
func (s *schema) field(number allowlist.Field) (field Field, below bool) {
	if i := int(number); i < len(s.fields) {
		return s.fields[i], false
	}
	return s.fields[int(number)-len(s.fields)], true
}

// insert puts a field into the tree of an allow-list.
func insert(members allowlist.Members, field Field, number allowlist.Field) {
	name, rest, nested := strings.Cut(field.Path, ".")
	node := members[name]
	if nested {
		if node.Members == nil {
			node.Members = allowlist.Members{}
		}
		field.Path = rest
		insert(node.Members, field, number)
	} else {
		node.Field = number
		node.Whole = field.Kind == Keys || field.Kind == included
	}
	members[name] = node
}
