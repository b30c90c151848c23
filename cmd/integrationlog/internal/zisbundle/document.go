// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

const (
	kindObject    jsontext.Kind = '{'
	kindObjectEnd jsontext.Kind = '}'
	kindArray     jsontext.Kind = '['
	kindArrayEnd  jsontext.Kind = ']'
	kindString    jsontext.Kind = '"'
)

// node is a JSON value and where it stands in the text.
type node struct {
	kind       jsontext.Kind
	start, end int
	// text is what a string says.
	text     string
	members  []member
	elements []*node
}

// member is one name of an object with its value.
type member struct {
	name      string
	nameStart int
	nameEnd   int
	value     *node
}

// at returns the value of a name, or nil. It may be asked of nil.
func (n *node) at(names ...string) *node {
	for _, name := range names {
		m := n.member(name)
		if m == nil {
			return nil
		}
		n = m.value
	}
	return n
}

func (n *node) member(name string) *member {
	if n == nil {
		return nil
	}
	for i := range n.members {
		if n.members[i].name == name {
			return &n.members[i]
		}
	}
	return nil
}

func (n *node) isObject() bool { return n != nil && n.kind == kindObject }

func (n *node) isString() bool { return n != nil && n.kind == kindString }

// string returns what the string of a name says, or nothing.
func (n *node) string(name string) string {
	if value := n.at(name); value.isString() {
		return value.text
	}
	return ""
}

// document is a text of JSON, parsed.
type document struct {
	source []byte
	root   *node
}

func parse(source []byte) (*document, error) {
	d := &document{source: source}
	decoder := jsontext.NewDecoder(bytes.NewReader(source))
	root, err := readNode(decoder)
	if err != nil {
		return nil, d.explain(err)
	}
	if _, err := decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is more behind its JSON, in line %d", d.line(int(decoder.InputOffset())))
	}
	d.root = root
	return d, nil
}

// explain says where the JSON is wrong in terms of an editor: lines, not bytes.
func (d *document) explain(err error) error {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax) && errors.Is(err, jsontext.ErrDuplicateName):
		return fmt.Errorf("it has a name twice in one object, in line %d; take one of them out", d.line(int(syntax.ByteOffset)))
	case errors.As(err, &syntax):
		return fmt.Errorf("it is not JSON: line %d: %w", d.line(int(syntax.ByteOffset)), syntax.Err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it is not JSON: it ends too early")
	}
	return fmt.Errorf("it is not JSON: %w", err)
}

func (d *document) line(offset int) int {
	return 1 + bytes.Count(d.source[:min(offset, len(d.source))], []byte{'\n'})
}

func readNode(decoder *jsontext.Decoder) (*node, error) {
	switch kind := decoder.PeekKind(); kind {
	case kindObject, kindArray:
		if _, err := decoder.ReadToken(); err != nil {
			return nil, err
		}
		n := &node{kind: kind, start: int(decoder.InputOffset()) - 1}
		if err := readContent(decoder, n); err != nil {
			return nil, err
		}
		if _, err := decoder.ReadToken(); err != nil {
			return nil, err
		}
		n.end = int(decoder.InputOffset())
		return n, nil
	default:
		return readScalar(decoder)
	}
}

func readContent(decoder *jsontext.Decoder, n *node) error {
	for decoder.PeekKind() != kindObjectEnd && decoder.PeekKind() != kindArrayEnd {
		if n.kind == kindArray {
			element, err := readNode(decoder)
			if err != nil {
				return err
			}
			n.elements = append(n.elements, element)
			continue
		}
		name, err := readScalar(decoder)
		if err != nil {
			return err
		}
		value, err := readNode(decoder)
		if err != nil {
			return err
		}
		n.members = append(n.members, member{name: name.text, nameStart: name.start, nameEnd: name.end, value: value})
	}
	return nil
}

func readScalar(decoder *jsontext.Decoder) (*node, error) {
	raw, err := decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(decoder.InputOffset())
	n := &node{kind: raw.Kind(), start: end - len(raw), end: end}
	if n.kind == kindString {
		text, err := jsontext.AppendUnquote(nil, raw)
		if err != nil {
			return nil, err
		}
		n.text = string(text)
	}
	return n, nil
}

// quote writes a string as JSON, without the escapes that only HTML needs.
func quote(text string) string {
	quoted, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(text, "\uFFFD"))
	if err != nil {
		return `""` // not reached: the text is valid
	}
	return string(quoted)
}
