// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package sfid compares Salesforce's ids, which are written with 15 or with 18 characters.
//
// The last three of 18 only say again which of the 15 are capitals, so the first 15,
// compared letter by letter, tell one record from every other.
// Source: https://help.salesforce.com/s/articleView?id=000385008&type=1
package sfid // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"

import "errors"

var errNoID = errors.New("is no id of Salesforce")

const (
	shortLength = 15
	longLength  = 18
)

// Short is an id in its form with 15 characters, in which two forms of one id are equal.
type Short [shortLength]byte

// Parse returns the short form of an id, and whether the text is an id at all.
func Parse[T ~string | ~[]byte](text T) (Short, bool) {
	var short Short
	if len(text) != shortLength && len(text) != longLength {
		return short, false
	}
	for i := range len(text) {
		if !alphanumeric(text[i]) {
			return short, false
		}
	}
	copy(short[:], text)
	return short, true
}

// String returns the 15 characters.
func (s Short) String() string { return string(s[:]) }

// MarshalText writes the 15 characters.
func (s Short) MarshalText() ([]byte, error) { return s[:], nil }

// UnmarshalText reads an id of either form.
func (s *Short) UnmarshalText(text []byte) error {
	parsed, ok := Parse(text)
	if !ok {
		return errNoID
	}
	*s = parsed
	return nil
}

// Long returns the form with 18 characters: each of the last three says of five
// characters which are capitals.
func (s Short) Long() string {
	const suffixes = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	long := make([]byte, shortLength, longLength)
	copy(long, s[:])
	for group := range 3 {
		bits := 0
		for i := range 5 {
			if c := s[group*5+i]; 'A' <= c && c <= 'Z' {
				bits |= 1 << i
			}
		}
		long = append(long, suffixes[bits])
	}
	return string(long)
}

func alphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
