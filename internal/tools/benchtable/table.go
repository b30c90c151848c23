// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchunit"
)

// tables are all tables in the order of their first results.
type tables []*table

// table is one benchmark with all its parts.
type table struct {
	title string
	units []string
	rows  []*row
}

// row is one name, and what was measured of it in each run, by unit.
type row struct {
	name   string
	values map[string][]float64
}

func (all *tables) add(result *benchfmt.Result) {
	base, parts := result.Name.Parts()
	if last := len(parts) - 1; last >= 0 && parts[last][0] == '-' {
		parts = parts[:last] // the number of processors
	}
	t := all.find(path.Base(result.GetConfig("pkg")) + ": " + string(base))
	r := t.find(strings.TrimPrefix(string(bytes.Join(parts, nil)), "/"))
	for _, measured := range result.Values {
		// The reader leaves the unit of a zero as it is.
		value, unit := benchunit.Tidy(measured.Value, measured.Unit)
		if !slices.Contains(t.units, unit) {
			t.units = append(t.units, unit)
		}
		r.values[unit] = append(r.values[unit], value)
	}
}

func (all *tables) find(title string) *table {
	for _, t := range *all {
		if t.title == title {
			return t
		}
	}
	t := &table{title: title}
	*all = append(*all, t)
	return t
}

func (t *table) find(name string) *row {
	for _, r := range t.rows {
		if r.name == name {
			return r
		}
	}
	r := &row{name: name, values: map[string][]float64{}}
	t.rows = append(t.rows, r)
	return r
}

func (all *tables) markdown() string {
	var text strings.Builder
	for _, t := range *all {
		fmt.Fprintf(&text, "\n### %s\n\n| |", t.title)
		for _, unit := range t.units {
			fmt.Fprintf(&text, " %s |", unit)
		}
		fmt.Fprintf(&text, "\n|---|%s\n", strings.Repeat("---|", len(t.units)))
		for _, r := range t.rows {
			fmt.Fprintf(&text, "| %s |", r.name)
			for _, unit := range t.units {
				fmt.Fprintf(&text, " %s |", t.cell(r, unit))
			}
			text.WriteString("\n")
		}
	}
	return text.String()
}

// cell is a value, and how many times the first one's it is.
func (t *table) cell(r *row, unit string) string {
	values := r.values[unit]
	if len(values) == 0 {
		return ""
	}
	value := median(values)
	text := benchunit.Scale(value, benchunit.ClassOf(unit))
	first := t.firstBeside(r)
	if base := first.values[unit]; first != r && len(base) > 0 && median(base) != 0 {
		text += fmt.Sprintf(" (%.3g)", value/median(base))
	}
	return text
}

// firstBeside returns the first row that differs from this one in the last part only.
func (t *table) firstBeside(r *row) *row {
	for _, other := range t.rows {
		if path.Dir(other.name) == path.Dir(r.name) {
			return other
		}
	}
	return r
}

// median returns the middle value, the lower one of two.
func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)-1)/2]
}
