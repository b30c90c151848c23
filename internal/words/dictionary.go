// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package words knows what the words and numbers mean by which sources tell how
// an activity went.
package words // import "github.com/integrationlog/integrationlog/internal/words"

import (
	"maps"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Kind tells how much of a word was understood.
type Kind uint8

const (
	// Blank is no word at all: nothing but space.
	Blank Kind = iota
	// Unknown is a word that the dictionary does not have.
	Unknown
	// Undecided is a word that is known and tells no status, such as "pending".
	Undecided
	// Decided is a word that tells the status.
	Decided
)

// Meaning is what a word means.
type Meaning struct {
	Kind Kind
	// Status is set for [Decided] only.
	Status activity.Status
	// Own means that the word is the status itself, but for case, accents and space.
	Own bool
}

// Dictionary maps words to statuses. It never changes, so that any number of
// goroutines may read it.
type Dictionary struct {
	// entries holds normal forms. No status stands for [Undecided].
	entries map[string]activity.Status
}

// NewDictionary returns the built-in dictionary, extended and overridden by the
// mapping, whose words need not be in their normal form.
func NewDictionary(mapping map[string]activity.Status) *Dictionary {
	entries := maps.Clone(builtin)
	for word, status := range mapping {
		entries[Normalise(word)] = status
	}
	return &Dictionary{entries: entries}
}

// Word looks a word up.
func (d *Dictionary) Word(word string) Meaning {
	return d.lookUp(word, false)
}

// WordOrCode looks up what may also be an HTTP status code in digits. An entry of
// the dictionary goes before the code's own meaning.
func (d *Dictionary) WordOrCode(word string) Meaning {
	return d.lookUp(word, true)
}

func (d *Dictionary) lookUp(word string, codes bool) Meaning {
	if len(word) > MaxLength {
		return Meaning{Kind: Unknown}
	}
	// The buffer is on the stack: looking an ordinary word up allocates nothing.
	var buffer [MaxLength]byte
	normal := appendNormal(buffer[:0], word)
	if len(normal) == 0 {
		return Meaning{Kind: Blank}
	}
	status, ok := d.entries[string(normal)]
	if !ok && codes {
		status, ok = fromHTTPStatus(normal)
	}
	switch {
	case !ok:
		return Meaning{Kind: Unknown}
	case status == "":
		return Meaning{Kind: Undecided}
	default:
		return Meaning{Kind: Decided, Status: status, Own: string(normal) == string(status)}
	}
}
