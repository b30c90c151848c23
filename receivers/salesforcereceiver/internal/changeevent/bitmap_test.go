// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBits has the examples of Salesforce's documentation.
func TestBits(t *testing.T) {
	for text, want := range map[string][]int{
		"0x010000":   {16},
		"0x410000":   {16, 22},
		"0x650004E0": {5, 6, 7, 10, 24, 26, 29, 30},
		"0x650004e0": {5, 6, 7, 10, 24, 26, 29, 30},
		"0x10":       {4},
		"0x06":       {1, 2},
		"0x1":        {0},
		"0x00":       nil,
	} {
		bits, ok := bitsOf(text)
		require.True(t, ok, text)
		require.Equal(t, want, bits, text)
	}
	for _, text := range []string{"", "0x", "10", "4-0x10", "0xG0", "0x-1", "0x+1", "0x1_0", "0x 1", "0x" + strings.Repeat("F", maxBitmap+1)} {
		_, ok := bitsOf(text)
		require.False(t, ok, text)
	}
}

// numbered is a schema with 32 fields, of which 4 and 7 are compound ones.
func numbered() *Schema {
	s := new(Schema)
	for i := range 32 {
		s.fields = append(s.fields, field{name: "F" + strconv.Itoa(i)})
	}
	s.fields[4].children = []string{"A", "B", "C", "D", "E"}
	s.fields[7].children = []string{"A", "B", "C"}
	return s
}

func TestChangedFields(t *testing.T) {
	tests := map[string]struct {
		lists    [][]string
		want     string
		complete bool
	}{
		"the documentation's":         {[][]string{{"0x650004E0", "4-0x10", "7-0x06"}}, "F4.E F5 F6 F7 F7.B F7.C F10 F24 F26 F29 F30", true},
		"none":                        {nil, "", true},
		"several lists":               {[][]string{{"0x40"}, {"0x60"}, {"4-0x01"}}, "F4.A F5 F6", true},
		"beyond the schema":           {[][]string{{"0x100000002"}}, "F1", false},
		"beyond the compound":         {[][]string{{"4-0x60"}}, "F4", false},
		"no compound":                 {[][]string{{"5-0x01"}}, "F5", false},
		"a compound that is not here": {[][]string{{"32-0x01", "0x02"}}, "F1", false},
		"a name instead":              {[][]string{{"Name", "0x02"}}, "F1", false},
		"a negative number":           {[][]string{{"-4-0x01"}}, "", false},
		"a number too large":          {[][]string{{"99999999999999999999-0x01"}}, "", false},
		"empty":                       {[][]string{{""}}, "", false},
		"many":                        {[][]string{make([]string, 100_000)}, "", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			names, complete := numbered().changed(test.lists...)
			require.Equal(t, test.want, strings.Join(names, " "))
			require.Equal(t, test.complete, complete)
		})
	}
}

// Bitmaps that each are allowed must not become much together.
func TestManyBitmaps(t *testing.T) {
	s := new(Schema)
	for range maxFields {
		s.fields = append(s.fields, field{name: "F"})
	}
	full := "0x" + strings.Repeat("F", maxBitmap)
	names, complete := s.changed([]string{full})
	require.True(t, complete)
	require.Len(t, names, maxFields)
	names, complete = s.changed([]string{full, full, full, full})
	require.False(t, complete)
	require.Empty(t, names)
}

func FuzzBitmap(f *testing.F) {
	for _, text := range []string{"0x010000", "0x650004E0", "4-0x10", "7-0x06", "32-0x1", "0x", "-", "4-4-0x1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, _ := numbered().changed([]string{text})
		require.LessOrEqual(t, len(names), 40)
	})
}
