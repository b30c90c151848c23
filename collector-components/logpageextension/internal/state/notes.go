// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"

import "time"

// Note says how a start or an end was understood that lies where clocks are changed.
type Note struct {
	// Key is that of the text in package messages.
	Key string
	// At is the moment, in the zone of the view. Shown is what clocks showed right before
	// they were put forward, or show for the second time.
	At, Shown time.Time
}

// Notes returns what there is to say of the view's start and end. It does not depend on what
// was typed: whoever gets the URL reads the same.
func (v View) Notes() []Note {
	var notes []Note
	if !v.Start.IsZero() {
		notes = append(notes, note(v.Start.In(v.zone()), "filter.gap_start", "filter.twice_start", "filter.twice_start_second")...)
	}
	if v.End.IsZero() {
		return notes
	}
	end := v.End.In(v.zone())
	if from, ok := PutForward(end); ok {
		return append(notes, Note{Key: "filter.gap_end", At: end, Shown: from})
	}
	return append(notes, note(end.Add(-time.Minute), "", "filter.twice_end_first", "filter.twice_end")...)
}

func note(t time.Time, gap, first, second string) []Note {
	if from, ok := PutForward(t); ok && gap != "" {
		return []Note{{Key: gap, At: t, Shown: from}}
	}
	moments := MomentsOf(t, t.Location())
	switch {
	case !moments.Twice():
		return nil
	case moments.First.Equal(t):
		return []Note{{Key: first, At: t, Shown: t}}
	default:
		return []Note{{Key: second, At: t, Shown: t}}
	}
}
