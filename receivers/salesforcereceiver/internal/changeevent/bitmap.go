// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"

import (
	"slices"
	"strconv"
	"strings"
)

// maxBitmap is how many hexadecimal digits a bitmap may have: more than there can be
// fields.
const maxBitmap = maxFields / 4

// position is a place in the schema: of a field, or of a field within a compound one.
type position struct {
	field int
	// child is -1 for the field as a whole.
	child int
}

// changed returns the names for which the bitmaps of an event's header stand, in the
// order of the schema, and whether all of them could be found.
//
// Each list has bitmaps as texts. One that begins with 0x has a bit for each field of the
// event, the lowest for the first, which is the header itself; one that begins with a
// number has a bit for each field of the compound field with that number. Where all
// fields of a compound became null, its own bit is set instead of theirs.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-deserialization-considerations.html
func (s *Schema) changed(lists ...[]string) (names []string, complete bool) {
	var all []position
	complete = true
	for _, list := range lists {
		for _, text := range list {
			if len(all) > 2*maxFields {
				return nil, false
			}
			positions, ok := s.positions(text)
			all = append(all, positions...)
			complete = complete && ok
		}
	}
	slices.SortFunc(all, func(a, b position) int {
		if a.field != b.field {
			return a.field - b.field
		}
		return a.child - b.child
	})
	for _, p := range slices.Compact(all) {
		names = append(names, s.name(p))
	}
	return names, complete
}

// positions reads one bitmap. What the schema does not have is left out.
func (s *Schema) positions(text string) (found []position, complete bool) {
	if bits, ok := bitsOf(text); ok {
		complete = true
		for _, bit := range bits {
			if bit >= len(s.fields) {
				complete = false
				continue
			}
			found = append(found, position{bit, -1})
		}
		return found, complete
	}
	number, bitmap, _ := strings.Cut(text, "-")
	field, err := strconv.ParseUint(number, 10, 16)
	bits, ok := bitsOf(bitmap)
	if err != nil || !ok || int(field) >= len(s.fields) {
		return nil, false
	}
	complete = true
	for _, bit := range bits {
		if bit >= len(s.fields[field].children) {
			// Something within the compound changed, that much is known.
			found, complete = append(found, position{int(field), -1}), false
			continue
		}
		found = append(found, position{int(field), bit})
	}
	return found, complete
}

// bitsOf returns the numbers of the bits that are set, from the lowest.
func bitsOf(text string) ([]int, bool) {
	digits, ok := strings.CutPrefix(text, "0x")
	if !ok || digits == "" || len(digits) > maxBitmap {
		return nil, false
	}
	var bits []int
	for i := range len(digits) {
		digit, err := strconv.ParseUint(digits[len(digits)-1-i:len(digits)-i], 16, 8)
		if err != nil {
			return nil, false
		}
		for bit := range 4 {
			if digit>>bit&1 == 1 {
				bits = append(bits, 4*i+bit)
			}
		}
	}
	return bits, true
}

func (s *Schema) name(p position) string {
	field := &s.fields[p.field]
	if p.child < 0 {
		return field.name
	}
	return field.name + "." + field.children[p.child]
}
