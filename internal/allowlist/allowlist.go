// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package allowlist reads from JSON what may be logged. What the allow-list does not
// name is skipped unread, so that no personal data can slip through. Errors quote
// nothing of what was read.
package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// Field numbers what an allow-list keeps, from 1 on.
type Field int

// Members are what is read of an object, by name. No name may need an escape.
type Members map[string]Node

// Node says what to do with a value.
type Node struct {
	// Field is what a string, number or bool is kept as; 0 keeps none.
	Field Field
	// Whole keeps lists and objects as Field too, as they stand in the body.
	Whole bool
	// Members are entered where the value is an object.
	Members Members
	// First is entered where the value is a list, for its first element.
	First *Node
}

// Keeper takes what the allow-list names. A field can come more than once. The value
// is part of the body, and valid as long as the body is: [Text] makes a copy.
type Keeper interface {
	Keep(field Field, value jsontext.Value)
}

var (
	errNoObject  = errors.New("body is no JSON object")
	errNoList    = errors.New("body is no JSON list")
	errManyParts = errors.New("body has more than one JSON value")
	errCutOff    = errors.New("body is JSON that ends early")
	errSyntax    = errors.New("body is not valid JSON")
)

// Object reads a body that must be one JSON object.
func Object(body []byte, members Members, keeper Keeper) error {
	return Decode(body, func(dec *jsontext.Decoder) error {
		if dec.PeekKind() != '{' {
			return errNoObject
		}
		return object(dec, members, keeper)
	})
}

// Elements visits the elements of a body that must be one JSON list. They are parts
// of the body. On an error those before it have been visited already.
func Elements(body []byte, visit func(element jsontext.Value)) error {
	return Decode(body, func(dec *jsontext.Decoder) error {
		if dec.PeekKind() != '[' {
			return errNoList
		}
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		for dec.PeekKind() != ']' {
			element, err := dec.ReadValue()
			if err != nil {
				return err
			}
			visit(element)
		}
		_, err := dec.ReadToken()
		return err
	})
}

// Decode calls read with a decoder of the body, which read has to read to its end. It
// is lenient about names that come twice and about invalid UTF-8.
func Decode(body []byte, read func(*jsontext.Decoder) error) error {
	r := readers.Get().(*reader)
	defer func() {
		r.reset(nil) // keep no reference to the body
		readers.Put(r)
	}()
	r.reset(body)

	if err := read(&r.decoder); err != nil {
		return withoutQuotes(err)
	}
	if _, err := r.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return errManyParts
	}
	return nil
}

// withoutQuotes replaces the decoder's errors, which quote the body.
func withoutQuotes(err error) error {
	switch {
	case errors.Is(err, errNoObject), errors.Is(err, errNoList):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCutOff
	default:
		return errSyntax
	}
}

func object(dec *jsontext.Decoder, members Members, keeper Keeper) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadValue()
		if err != nil {
			return err
		}
		node := members[string(bytes.Trim(name, `"`))]
		if err := node.value(dec, keeper); err != nil {
			return err
		}
	}
	_, err := dec.ReadToken()
	return err
}

func (n Node) value(dec *jsontext.Decoder, keeper Keeper) error {
	switch kind := dec.PeekKind(); {
	case kind == '{' && n.Members != nil:
		return object(dec, n.Members, keeper)
	case kind == '[' && n.First != nil:
		return n.First.first(dec, keeper)
	case n.Field != 0 && (n.Whole || isScalar(kind)):
		value, err := dec.ReadValue()
		if err == nil && value.Kind() != 'n' {
			keeper.Keep(n.Field, value)
		}
		return err
	default:
		return dec.SkipValue()
	}
}

// first reads the first element of a list and skips the others.
func (n Node) first(dec *jsontext.Decoder, keeper Keeper) error {
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	node := n
	for dec.PeekKind() != ']' {
		if err := node.value(dec, keeper); err != nil {
			return err
		}
		node = Node{} // which keeps nothing
	}
	_, err := dec.ReadToken()
	return err
}

func isScalar(kind jsontext.Kind) bool {
	return kind == '"' || kind == '0' || kind == 't' || kind == 'f'
}
