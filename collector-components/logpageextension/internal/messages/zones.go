// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

import (
	"fmt"
	"time"
)

// Zone writes a time's zone by its IANA name with the offset that it has at that time, such
// as Europe/Paris (UTC+2).
func (*Printer) Zone(t time.Time) string {
	name := t.Location().String()
	if name == "UTC" {
		return name
	}
	return name + " (" + Offset(t) + ")"
}

// Offset writes how far a time's zone is from UTC at that time, such as UTC+2 or UTC−2:30.
func Offset(t time.Time) string {
	_, seconds := t.Zone()
	sign := '+'
	if seconds < 0 {
		sign, seconds = '−', -seconds
	}
	switch hours, minutes := seconds/3600, seconds/60%60; {
	case hours == 0 && minutes == 0:
		return "UTC"
	case minutes == 0:
		return fmt.Sprintf("UTC%c%d", sign, hours)
	default:
		return fmt.Sprintf("UTC%c%d:%02d", sign, hours, minutes)
	}
}
