// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// The fields of the tests' allow-list.
const (
	id Field = iota + 1
	text
	flag
	list
	first
	nested
	elements
)

// allowed is an allow-list with a node of each kind.
var allowed = Members{
	"id":   {Field: id},
	"text": {Field: text},
	"flag": {Field: flag},
	"list": {Field: list, Whole: true},
	"user": {Members: Members{"id": {Field: nested}, "name": {Field: nested}, "of": {Members: Members{"id": {Field: nested}}}}},
	// what is an id in one version of an API and an object in the next
	"owner": {Field: id, Members: Members{"id": {Field: id}}},
	"errors": {First: &Node{
		Field:   first,
		Members: Members{"title": {Field: first}, "detail": {First: &Node{Field: first}}},
	}},
	"events": {Field: elements, Whole: true, First: &Node{Field: first, Whole: true}},
}

// kept is what a keeper of the tests was given: texts, in order.
type kept map[Field][]string

func (k kept) Keep(field Field, value jsontext.Value) {
	k[field] = append(k[field], Text(value))
}
