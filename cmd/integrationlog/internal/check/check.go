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

// unsureError is the error of a check that could not find out.
type unsureError struct{ reason string }

func (e unsureError) Error() string { return e.reason }

// Run checks the Loki in use and writes a line for each check to out. It writes a
// few records of a product of its own to the log, and has Loki hide them again.
func Run(ctx context.Context, settings Settings, out io.Writer) error {
	p := newProbe(settings, time.Now())
	r := report{out: out}
	r.step(ctx, "Loki is ready", settings.Loki.ready)
	if r.step(ctx, "Loki takes a record", p.pushNow) {
		if r.step(ctx, "It can be queried by product and status", p.queryByLabels) {
			r.step(ctx, "Nothing else is a label", p.otherLabels)
			r.step(ctx, "Late records are taken", p.pushLate)
			r.step(ctx, "Late records are visible at once", p.queryLate)
			r.step(ctx, "A record that is sent again is stored once", p.pushAgain)
			r.step(ctx, "The products' records are here", p.others)
		}
		r.step(ctx, "Retention is on", p.retention)
		r.step(ctx, "The records of this check are hidden again", p.hide)
	}
	if r.failed {
		return ErrFailed
	}
	return nil
}

// report writes a line for each step.
type report struct {
	out    io.Writer
	failed bool
}

// step runs a check and tells whether those that build on it make sense.
func (r *report) step(ctx context.Context, name string, run func(context.Context) (string, error)) bool {
	detail, err := run(ctx)
	var unsure unsureError
	switch {
	case err == nil:
		fmt.Fprintf(r.out, "ok       %s%s\n", name, inBrackets(detail))
		return true
	case errors.As(err, &unsure):
		fmt.Fprintf(r.out, "unknown  %s: %v\n", name, err)
		return true
	default:
		fmt.Fprintf(r.out, "FAILED   %s: %v\n", name, err)
		r.failed = true
		return false
	}
}

func inBrackets(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}
