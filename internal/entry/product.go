// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"slices"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Product is what is particular to one product.
type Product struct {
	// Slug is the product's.
	Slug activity.Product
	// Prefix is that of its own attributes, without a dot.
	Prefix string
	// Fields are what it knows of an entry's fields, besides those that all have; of one
	// that all have it may only say what attribute it becomes.
	Fields []Field
	// Complete adds to an activity, which has all that can be told without knowing the
	// product, what can be told with it: Type, IntegrationName and a Description that
	// says what failed and why. What it makes of Error becomes the status, where the
	// entry has no level.
	Complete func(*Entry, *activity.Activity)
	// NotNow is the status code for what may succeed later; 0 stands for 503.
	NotNow int
}

// Field is something that a product knows of an entry's fields. It is read from below
// "fields", and from the top of the entry where it is not there.
type Field struct {
	// Path is where it is, with dots: "object.type".
	Path string
	// Kind says what its value may be; anything else is not kept.
	Kind Kind
	// Attribute is the name of the attribute that it becomes; none if it is empty.
	Attribute string
}

// Kind is what the value of a field may be.
type Kind int

const (
	// Word is a code, a number or a word: see [allowlist.IsWord]. Nothing personal is one,
	// as far as [allowlist.IsPersonal] knows.
	Word Kind = iota
	// ID is a word that tells one thing from another, which "null" does not.
	ID
	// Outcome is a word, or what the log's dictionary knows: "timed out".
	Outcome
	// Name is what somebody called a thing, and nothing personal.
	Name
	// Sentence is free text, which the pipeline masks where it may become visible: it
	// must become an attribute only under a name that ends in "message".
	Sentence
	// Keys are the names of an object's members, without their values.
	Keys
	// included is whatever include_fields asks for.
	included
	// level is what tells how it went; see isLevel.
	level
	// own is the entry's own id, whatever it looks like.
	own
)

// The paths of the fields that all products have.
const (
	subdomainPath  = "subdomain"
	accountIDPath  = "account_id"
	objectTypePath = "object.type"
	objectIDPath   = "object.id"
	outcomePath    = "outcome"
	statusCodePath = "status_code"
	eventRefPath   = "event_ref"
	sequencePath   = "sequence_id"
	errorPath      = "error"
)

// Where an entry may tell why an activity failed, and what the vendor calls that; the
// first that is there counts. A Fail state of ZIS has Error and Cause, and what a Catch
// puts into an entry as a whole has them too.
var (
	causePaths = []string{"cause", "Cause", "error.cause", "error.Cause", "error.message", "error_message", errorPath}
	codePaths  = []string{"error_code", "error.code", "error.Error", "Error"}
)

// commonFields are the fields that all products have, unless they know them better.
var commonFields = slices.Concat(
	[]Field{
		{Path: subdomainPath, Kind: ID},
		{Path: accountIDPath, Kind: ID},
		{Path: objectTypePath, Kind: Word},
		{Path: objectIDPath, Kind: ID},
		{Path: outcomePath, Kind: Outcome},
		{Path: statusCodePath, Kind: Word},
		{Path: eventRefPath, Kind: ID},
		{Path: sequencePath, Kind: ID},
	},
	fieldsOf(causePaths, Sentence),
	fieldsOf(codePaths, Word),
)

func fieldsOf(paths []string, kind Kind) []Field {
	fields := make([]Field, 0, len(paths))
	for _, path := range paths {
		fields = append(fields, Field{Path: path, Kind: kind})
	}
	return fields
}
