// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"strings"

	"github.com/prometheus/otlptranslator"

	"github.com/integrationlog/integrationlog/internal/text"
)

// MaxName bounds the key of an attribute in bytes. Loki sets no bound of its own but
// counts names in the size of the metadata.
const MaxName = 128

// reservedPrefix is Loki's own: an attribute __error__ makes every metric query fail
// that touches the entry.
const reservedPrefix = "__"

// cleanName returns a key that Loki takes, and the name that Loki makes of it. It
// returns the key itself wherever that will do. Loki refuses a whole push for one
// attribute of whose name nothing is left, such as "" or a name in Chinese.
func cleanName(key string) (clean, name string) {
	name = lokiName(key)
	switch {
	case name == "":
		clean = "unnamed_" + text.Digest(key)
	case strings.HasPrefix(name, reservedPrefix):
		clean = "reserved" + text.Valid(key)
	default:
		clean = text.Valid(key)
	}
	if clean != key {
		name = lokiName(clean)
	}
	if len(clean) > MaxName {
		digest := "_" + text.Digest(key)
		clean = name[:min(len(name), MaxName-len(digest))] + digest
		name = lokiName(clean)
	}
	return clean, name
}

// lokiName returns the name that Loki makes of a key, "" where it finds none.
func lokiName(key string) string {
	var namer otlptranslator.LabelNamer
	name, err := namer.Build(key)
	if err != nil {
		return ""
	}
	return name
}

// FNV-1a; the hashes never leave the process.
const (
	hashOffset uint64 = 14695981039346656037
	hashPrime  uint64 = 1099511628211
)

// plainHash returns the hash of the name that Loki makes of key, without allocating.
// It returns false where that takes more than to replace single separators.
func plainHash(key string) (hash uint64, plain bool) {
	if key == "" || len(key) > MaxName || !isLetter(key[0]) {
		return 0, false
	}
	hash = hashOffset
	separated := false
	for i := range len(key) {
		c := key[i]
		switch {
		case isLetter(c) || c >= '0' && c <= '9':
			separated = false
		case separated:
			return 0, false
		case c == '.' || c == '_' || c == '-' || c == '/' || c == ':':
			c, separated = '_', true
		default:
			return 0, false
		}
		hash = (hash ^ uint64(c)) * hashPrime
	}
	return hash, true
}

// nameHash returns the hash of a name that has been translated.
func nameHash(name string) uint64 {
	hash := hashOffset
	for i := range len(name) {
		hash = (hash ^ uint64(name[i])) * hashPrime
	}
	return hash
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
