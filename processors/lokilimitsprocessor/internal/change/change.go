// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package change names the reasons for which a record is changed.
package change // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"

import "iter"

// Kind is one reason.
type Kind uint8

// The reasons.
const (
	NoTimestamp Kind = iota
	InvalidTimestamp
	TooFarAhead
	LineTooLarge
	TooManyAttributes
	MetadataTooLarge
	InvalidName
	NameClash
	InvalidText
	InvalidID
	TooDeep
	NotJSON
	LabelMissing
	LabelInvalid
	LabelOnResource
	UnknownStatus
	TooManyProducts

	// Kinds is how many reasons there are.
	Kinds = iota
)

// names are the values of the counter's attribute, explanations what the log says.
var (
	names = [Kinds]string{
		NoTimestamp:       "no_timestamp",
		InvalidTimestamp:  "invalid_timestamp",
		TooFarAhead:       "too_far_ahead",
		LineTooLarge:      "line_too_large",
		TooManyAttributes: "too_many_attributes",
		MetadataTooLarge:  "metadata_too_large",
		InvalidName:       "invalid_name",
		NameClash:         "name_clash",
		InvalidText:       "invalid_text",
		InvalidID:         "invalid_id",
		TooDeep:           "too_deep",
		NotJSON:           "not_json",
		LabelMissing:      "label_missing",
		LabelInvalid:      "label_invalid",
		LabelOnResource:   "label_on_resource",
		UnknownStatus:     "unknown_status",
		TooManyProducts:   "too_many_products",
	}
	explanations = [Kinds]string{
		NoTimestamp:       "a record without a timestamp is stored at the time of its arrival; a redelivery of it is a second entry unless the receiver recognises it",
		InvalidTimestamp:  "a timestamp beyond the year 2262 is none; the record is stored at the time of its arrival",
		TooFarAhead:       "a record from further ahead than max_ahead is stored at the time of its arrival, with its own time in an attribute",
		LineTooLarge:      "a description longer than max_line_size is cut, with a note at its end",
		TooManyAttributes: "of more than max_attributes attributes the most important ones are kept",
		MetadataTooLarge:  "attributes larger than max_metadata_size in sum: the longest values are cut, with a note at their end",
		InvalidName:       "the name of an attribute that Loki would refuse or misunderstand is replaced",
		NameClash:         "attributes whose names are the same for Loki: all but one get a number",
		InvalidText:       "bytes that are no UTF-8 are replaced",
		InvalidID:         "an activity.id that is too long, or that Loki would alter, is replaced by its beginning and its SHA-256",
		TooDeep:           "a deeply nested value is turned into text, its deepest parts into an ellipsis",
		NotJSON:           "a nested number that JSON does not have (NaN, infinity) is turned into text",
		LabelMissing:      "a record without product, status, service.name or service.namespace gets a substitute",
		LabelInvalid:      "the value of a label that Loki would refuse, or that would be more than a line, is repaired, the original is kept in an attribute",
		LabelOnResource:   "product and status belong to the record; they are taken off the resource",
		UnknownStatus:     "a status that is none of the four is replaced, the original is kept in an attribute; is the severity processor in front of this one?",
		TooManyProducts:   "products beyond max_products are stored as product=\"other\", the original is kept in an attribute",
	}
)

// String returns the reason as the counter names it.
func (k Kind) String() string { return names[k] }

// Explain says in a sentence what happens to such a record.
func (k Kind) Explain() string { return explanations[k] }

// Set is a set of reasons. The zero value is empty.
type Set uint32

// Of returns a set of one reason.
func Of(k Kind) Set { return 1 << k }

// Has tells whether the reason is in the set.
func (s Set) Has(k Kind) bool { return s&Of(k) != 0 }

// All yields the reasons of the set.
func (s Set) All() iter.Seq[Kind] {
	return func(yield func(Kind) bool) {
		for k := range Kind(Kinds) {
			if s.Has(k) && !yield(k) {
				return
			}
		}
	}
}
