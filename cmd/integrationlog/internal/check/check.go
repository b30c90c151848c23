// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package check tries what an operator would try when something does not work, and
// says what is wrong and how to cure it.
package check // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/check"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Settings say what is checked.
type Settings struct {
	// Loki is the Loki in use.
	Loki Loki
	// Retention is how long the log is.
	Retention time.Duration
	// Patience is how long a record may take until it can be queried.
	Patience time.Duration
}

// ErrFailed says that at least one check failed; the report says which.
var ErrFailed = errors.New("not everything is as it should be")

// step is one check. Steps that build on one that failed are left out.
type step struct {
	name string
	run  func(context.Context) (detail string, err error)
	// vital steps end the run when they fail.
	vital bool
}

// unsureError is the error of a check that could not find out.
type unsureError struct{ reason string }

func (e unsureError) Error() string { return e.reason }

// Run checks the Loki in use and writes a line for each check to out. It writes a
// few records of a product of its own to the log, and has Loki hide them again.
func Run(ctx context.Context, settings Settings, out io.Writer) error {
	p := newProbe(settings, time.Now())
	steps := []step{
		{name: "Loki answers", run: settings.Loki.ready, vital: true},
		{name: "Loki takes a record", run: p.pushNow, vital: true},
		{name: "It can be queried by product and status", run: p.queryByLabels, vital: true},
		{name: "Nothing else is a label", run: p.otherLabels},
		{name: "Late records are taken", run: p.pushLate},
		{name: "Late records are visible at once", run: p.queryLate},
		{name: "A record that is sent again is stored once", run: p.pushAgain},
		{name: "Retention is on", run: p.retention},
		{name: "The records of this check are hidden again", run: p.hide},
	}
	failed := false
	for _, s := range steps {
		detail, err := s.run(ctx)
		var unsure unsureError
		switch {
		case err == nil:
			fmt.Fprintf(out, "ok       %s%s\n", s.name, inBrackets(detail))
			continue
		case errors.As(err, &unsure):
			fmt.Fprintf(out, "unknown  %s: %v\n", s.name, err)
			continue
		}
		fmt.Fprintf(out, "FAILED   %s: %v\n", s.name, err)
		failed = true
		if s.vital {
			fmt.Fprintln(out, "         The other checks build on this one and are left out.")
			break
		}
	}
	if failed {
		return ErrFailed
	}
	return nil
}

func inBrackets(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}
