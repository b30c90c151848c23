// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/text"
)

// MaxID bounds activity.id in bytes.
const MaxID = 512

// Usage is what an entry's metadata takes up, as Loki counts it.
type Usage struct {
	// Attributes is their number after maps have been taken apart.
	Attributes int
	// Bytes is the sum of their names and values.
	Bytes int
}

// Plus returns the sum of both.
func (u Usage) Plus(v Usage) Usage {
	return Usage{Attributes: u.Attributes + v.Attributes, Bytes: u.Bytes + v.Bytes}
}

// Within tells whether the usage keeps to the limit.
func (u Usage) Within(limit Usage) bool {
	return u.Attributes <= limit.Attributes && u.Bytes <= limit.Bytes
}

// measure adds up what the attributes take, as Loki will count it, and appends the hashes of their names. It does not allocate while names has room. It
// returns false where the limit is passed, or where only taking the attributes apart
// tells whether Loki takes them.
func measure(attributes pcommon.Map, labels []string, limit Usage, names []uint64) (usage Usage, _ []uint64, ok bool) {
	var seen [2]bool
	for key, value := range attributes.All() {
		if label := slices.Index(labels, key); label >= 0 {
			if seen[label] {
				return usage, names, false
			}
			seen[label] = true
			continue
		}
		hash, plain := plainHash(key)
		// Linear, because a map would have to be filled anew for each record, and
		// the limit keeps the list short.
		if !plain || slices.Contains(names, hash) {
			return usage, names, false
		}
		size, plain := valueSize(hash == idHash, value)
		usage = usage.Plus(Usage{Attributes: 1, Bytes: len(key) + size})
		if !plain || !usage.Within(limit) {
			return usage, names, false
		}
		names = append(names, hash)
	}
	return usage, names, true
}

// valueSize returns the size of a value that needs no work. An id has to be one that Loki
// keeps as it is.
func valueSize(isID bool, value pcommon.Value) (size int, plain bool) {
	switch value.Type() {
	case pcommon.ValueTypeEmpty:
		return 0, true
	case pcommon.ValueTypeStr:
		s := value.Str()
		if isID {
			return len(s), storableID(s)
		}
		return len(s), utf8.ValidString(s)
	case pcommon.ValueTypeBool, pcommon.ValueTypeDouble:
		return len(value.AsString()), true
	case pcommon.ValueTypeInt:
		var digits [20]byte // Enough for every int64, and no allocation.
		return len(strconv.AppendInt(digits[:0], value.Int(), 10)), true
	case pcommon.ValueTypeBytes:
		size = base64.StdEncoding.EncodedLen(value.Bytes().Len())
		return size, !isID || size <= MaxID
	default:
		return 0, false
	}
}

// storableID tells whether Loki keeps an id as it is. In metadata it replaces
// U+FFFD by a space, which would make one id of two.
func storableID(id string) bool {
	return len(id) <= MaxID && utf8.ValidString(id) && !strings.Contains(id, text.Replacement)
}
