// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/screenshots"

import (
	"math"
	"time"
)

// zones are where the company of the pictures may work: one for each hour.
var zones = []string{
	"Europe/Berlin", "Europe/Athens", "Asia/Riyadh", "Asia/Dubai", "Asia/Karachi", "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo",
	"Australia/Brisbane", "Pacific/Guadalcanal", "Pacific/Fiji", "Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Denver",
	"America/Chicago", "America/New_York", "America/Halifax", "America/Sao_Paulo", "America/Noronha", "Atlantic/Cape_Verde", "Europe/London",
}

// lateMorning returns a zone in which it is half past eleven, as nearly as any: the company
// works then, whenever the pictures are made, and times are as wide as they get.
func lateMorning(now time.Time) string {
	best, least := zones[0], 24.0
	for _, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			continue // this machine does not know it
		}
		local := now.In(zone)
		hour := float64(local.Hour()) + float64(local.Minute())/60
		if off := math.Abs(hour - 11.5); off < least {
			best, least = name, off
		}
	}
	return best
}
