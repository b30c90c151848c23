// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package table is the table that a soak ends with.
package table // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/table"

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Row is a phase, or several with the same fault: what was sent meanwhile, what was done to
// the product, and what came of it.
type Row struct {
	// Phases is how many there were.
	Phases int
	// Program is what was tried, and Fault what was done to it.
	Program, Fault string
	// Load is how many records were acknowledged in a second, on the average.
	Load float64
	// Acknowledged to Altered count activities. SetAside are those that a damaged file
	// held; they are not missing.
	Acknowledged, Stored, SetAside, Missing, Doubled, Altered int
	// Answer is the longest time until an acknowledgement, Visible that until something
	// which was acknowledged could be queried.
	Answer, Visible time.Duration
	// Memory is the most that the program took, in bytes.
	Memory uint64
}

var head = []string{
	"program", "fault", "phases", "records/s", "acknowledged", "stored", "in damaged files", "missing", "doubled", "altered", "worst answer", "worst until visible", "peak memory",
}

// Write writes phases as a table of Markdown: a row for each fault, in the order in which
// they were tried first, and a row that sums them up.
func Write(w io.Writer, phases []Row) {
	rows := merge(phases)
	fmt.Fprintf(w, "| %s |\n|---|---|%s\n", strings.Join(head, " | "), strings.Repeat("---:|", len(head)-2))
	total := Row{Program: "**all**"}
	for i := range rows {
		rows[i].write(w)
		total.add(&rows[i])
	}
	total.write(w)
}

// merge adds up the phases of each program that had the same fault.
func merge(phases []Row) []Row {
	type kind struct{ program, fault string }
	var rows []Row
	index := map[kind]int{}
	for i := range phases {
		key := kind{phases[i].Program, phases[i].Fault}
		at, known := index[key]
		if !known {
			at = len(rows)
			index[key] = at
			rows = append(rows, Row{Program: key.program, Fault: key.fault})
		}
		rows[at].add(&phases[i])
	}
	return rows
}

func (r *Row) write(w io.Writer) {
	fmt.Fprintf(w, "| %s | %s | %d | %.0f | %d | %d | %d | %d | %d | %d | %s | %s | %d MiB |\n", r.Program, r.Fault, r.Phases, r.Load,
		r.Acknowledged, r.Stored, r.SetAside, r.Missing, r.Doubled, r.Altered, short(r.Answer), short(r.Visible), r.Memory>>20)
}

func (r *Row) add(other *Row) {
	r.Load = (r.Load*float64(r.Phases) + other.Load*float64(other.Phases)) / float64(max(1, r.Phases+other.Phases))
	r.Phases += other.Phases
	r.Acknowledged += other.Acknowledged
	r.Stored += other.Stored
	r.SetAside += other.SetAside
	r.Missing += other.Missing
	r.Doubled += other.Doubled
	r.Altered += other.Altered
	r.Answer = max(r.Answer, other.Answer)
	r.Visible = max(r.Visible, other.Visible)
	r.Memory = max(r.Memory, other.Memory)
}

func short(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Milliseconds())
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
