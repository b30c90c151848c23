// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

import "time"

const day = 24 * time.Hour

// Ago writes how long before now something was, such as 3 minutes ago. What is yet to come,
// by a clock that goes wrong, was just now.
func (p *Printer) Ago(t, now time.Time) string {
	switch age := now.Sub(t); {
	case age < 5*time.Second:
		return p.T("time.now")
	case age < time.Minute:
		return p.T("time.seconds_ago", int(age/time.Second))
	case age < time.Hour:
		return p.T("time.minutes_ago", int(age/time.Minute))
	case age < day:
		return p.T("time.hours_ago", int(age/time.Hour))
	default:
		return p.T("time.days_ago", int(age/day))
	}
}

// Duration writes a length of time in its largest unit, rounded, such as 5 minutes.
func (p *Printer) Duration(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Second:
		return p.T("time.instant")
	case d.Round(time.Second) < time.Minute:
		return p.T("time.seconds", int(d.Round(time.Second)/time.Second))
	case d.Round(time.Minute) < time.Hour:
		return p.T("time.minutes", int(d.Round(time.Minute)/time.Minute))
	case d.Round(time.Hour) < day:
		return p.T("time.hours", int(d.Round(time.Hour)/time.Hour))
	default:
		return p.T("time.days", int(d.Round(day)/day))
	}
}
