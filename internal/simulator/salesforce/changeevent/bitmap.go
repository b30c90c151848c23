// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
)

// bitmaps returns the changedFields and the nulledFields of a change. Only an update
// has any: everything else is about the record as a whole.
func (s *Schema) bitmaps(c Change) (changed, nulled []string, err error) {
	if c.Type != Update {
		return nil, nil, nil
	}
	names := slices.Sorted(maps.Keys(c.Fields))
	var emptied []string
	for _, name := range names {
		if c.Fields[name] == nil {
			emptied = append(emptied, name)
		}
	}
	if c.touchesDates(s) {
		names = append(names, modified)
	}
	if changed, err = s.bitmap(names); err != nil {
		return nil, nil, err
	}
	nulled, err = s.bitmap(s.wholeWhereAllPartsAre(emptied))
	return changed, nulled, err
}

// bitmap writes fields as Salesforce does: a hexadecimal number whose bits, from the
// lowest, are the positions in the schema; then, for parts of a compound, the position
// of the compound, a dash, and such a number of the positions in it.
func (s *Schema) bitmap(names []string) ([]string, error) {
	top := new(big.Int)
	nested := map[int]*big.Int{}
	for _, name := range names {
		name, part, isPart := strings.Cut(name, ".")
		field, bit, ok := s.position(name)
		if !ok {
			return nil, fmt.Errorf("%s has no field %s", s.Entity, name)
		}
		if !isPart {
			top.SetBit(top, bit, 1)
			continue
		}
		place, ok := field.Type.part(part)
		if !ok {
			return nil, fmt.Errorf("%s of %s has no part %s", name, s.Entity, part)
		}
		if nested[bit] == nil {
			nested[bit] = new(big.Int)
		}
		nested[bit].SetBit(nested[bit], place, 1)
	}
	var list []string
	if top.Sign() != 0 {
		list = append(list, hexadecimal(top))
	}
	for _, bit := range slices.Sorted(maps.Keys(nested)) {
		list = append(list, fmt.Sprintf("%d-%s", bit, hexadecimal(nested[bit])))
	}
	return list, nil
}

// hexadecimal writes whole bytes.
func hexadecimal(bits *big.Int) string { return fmt.Sprintf("0x%X", bits.Bytes()) }

// wholeWhereAllPartsAre replaces the parts of a compound by the compound if none is
// missing: so it is for nulledFields.
func (s *Schema) wholeWhereAllPartsAre(names []string) []string {
	parts := map[string]int{}
	for _, name := range names {
		if compound, _, isPart := strings.Cut(name, "."); isPart {
			parts[compound]++
		}
	}
	var list []string
	for _, name := range names {
		compound, _, isPart := strings.Cut(name, ".")
		field, _, _ := s.position(compound)
		if isPart && parts[compound] == len(field.Type.parts()) {
			name = compound
		}
		list = append(list, name)
	}
	return slices.Compact(list)
}
