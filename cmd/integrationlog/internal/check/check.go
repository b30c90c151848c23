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

	"go.opentelemetry.io/collector/component"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver"
)

// Settings say what is checked.
type Settings struct {
	// Loki is the Loki in use.
	Loki Loki
	// Retention is how long the log is.
	Retention time.Duration
	// Patience is how long a record may take until it can be queried.
	Patience time.Duration
	// Zendesk is how the log of webhooks is fetched; nil if it is not.
	Zendesk *webhooksreceiver.Config
	// Salesforce is how it is fetched from; nil if it is not.
	Salesforce *salesforcereceiver.Config
	// Build says to vendors who asks.
	Build component.BuildInfo
}

// ErrFailed says that at least one check failed; the report says which.
var ErrFailed = errors.New("not everything is as it should be")

// unsureError is the error of a check that could not find out.
type unsureError struct{ reason string }

func (e unsureError) Error() string { return e.reason }

// report writes a line for each step.
type report struct {
	out    io.Writer
	failed bool
}

// Run checks the Loki in use and the access to vendors, and writes a line for each check
// to out. It writes a few records of a product of its own to the log, and has Loki hide
// them again.
func Run(ctx context.Context, settings Settings, out io.Writer) error {
	r := &report{out: out}
	r.loki(ctx, settings)
	r.zendesk(ctx, settings)
	r.salesforce(ctx, settings)
	if r.failed {
		return ErrFailed
	}
	return nil
}

func (r *report) loki(ctx context.Context, settings Settings) {
	p := newProbe(settings, time.Now())
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
}

func (r *report) zendesk(ctx context.Context, settings Settings) {
	if settings.Zendesk == nil {
		fmt.Fprintln(r.out, "skipped  Zendesk's webhooks (ZENDESK_URL is not set)")
		return
	}
	webhooksreceiver.Check(settings.Zendesk, settings.Build, func(name string, run func(context.Context) (string, error)) bool {
		ok := r.step(ctx, name, run)
		if !ok {
			fmt.Fprintln(r.out, "         endpoint is ZENDESK_URL, client_id is ZENDESK_CLIENT_ID, and so on")
		}
		return ok
	})
}

func (r *report) salesforce(ctx context.Context, settings Settings) {
	if settings.Salesforce == nil {
		fmt.Fprintln(r.out, "skipped  Salesforce (SALESFORCE_LOGIN_URL is not set)")
		return
	}
	well := true
	salesforcereceiver.Check(settings.Salesforce, settings.Build, func(name string, run func(context.Context) (string, error)) bool {
		ok := r.step(ctx, name, run)
		well = well && ok
		return ok
	})
	if !well {
		fmt.Fprintln(r.out, "         login_url is SALESFORCE_LOGIN_URL, client_id is SALESFORCE_CLIENT_ID, and so on; confirmation::zendesk::client_id is ZENDESK_CLIENT_ID")
	}
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
