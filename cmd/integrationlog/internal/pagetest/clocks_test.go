// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// The log has seven days, and on most days of a year no clock was changed in these. So the
// all-in-one gets a database of time zones in which two were, as Paris does it in autumn and
// Toronto in spring, only on other days.
const (
	back    = "Europe/Paris"
	forward = "America/Toronto"
	// clocks is what the integration is called whose activities lie where clocks are changed.
	clocks = "Clocks"
)

// offset is how a zone's clocks stand to UTC.
type offset struct {
	name   string
	ahead  time.Duration
	summer bool
}

var (
	summerInParis   = offset{"CEST", 2 * time.Hour, true}
	winterInParis   = offset{"CET", time.Hour, false}
	winterInToronto = offset{"EST", -5 * time.Hour, false}
	summerInToronto = offset{"EDT", -4 * time.Hour, true}
)

// changes are when the clocks are changed.
type changes struct{ back, forward time.Time }

// changesBefore puts clocks back on one day of the last week, at 3:00 in Paris, and forward
// on another, at 2:00 in Toronto.
func changesBefore(now time.Time) changes {
	midnight := now.UTC().Truncate(24 * time.Hour)
	return changes{back: midnight.AddDate(0, 0, -2).Add(time.Hour), forward: midnight.AddDate(0, 0, -3).Add(7 * time.Hour)}
}

// clocksOf are activities on both sides of the changes.
func clocksOf(c changes) ledger {
	var all ledger
	for i, at := range []time.Time{
		c.back.Add(-31 * time.Minute), // 2:29
		c.back.Add(-30 * time.Minute), // 2:30, for the first time
		c.back.Add(-1),                // 2:59:59
		c.back,                        // 2:00 again
		c.back.Add(30 * time.Minute),  // 2:30, for the second time
		c.back.Add(31 * time.Minute),  // 2:31
		c.back.Add(60 * time.Minute),  // 3:00
		c.forward.Add(-1),             // 1:59:59
		c.forward,                     // 3:00
		c.forward.Add(time.Minute),    // 3:01
	} {
		all = append(all, activity.Activity{
			ID: "clock-" + strconv.Itoa(i), Time: at, Product: activity.Webhooks, Type: "webhook_invocation", Status: activity.Info,
			Evidence: activity.Reported, IntegrationName: clocks, Account: subdomain, Description: "When clocks change, no. " + strconv.Itoa(i),
		})
	}
	return all
}

// writeZones writes a database of the two zones, which Go takes before its own where the
// variable ZONEINFO names its directory.
func writeZones(t *testing.T, c changes) (directory string) {
	t.Helper()
	directory = t.TempDir()
	for name, zone := range map[string][]byte{
		back:    zoneFile(c.back, summerInParis, winterInParis),
		forward: zoneFile(c.forward, winterInToronto, summerInToronto),
	} {
		_, err := time.LoadLocationFromTZData(name, zone)
		require.NoError(t, err)
		path := filepath.Join(directory, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, zone, 0o600))
	}
	return directory
}

// zoneFile is a zone with one change, in version 1 of the format of RFC 9636.
func zoneFile(at time.Time, before, after offset) []byte {
	names := before.name + "\x00" + after.name + "\x00"
	file := append([]byte("TZif"), make([]byte, 16)...)
	for _, count := range []int{0, 0, 0, 1, 2, len(names)} {
		file = binary.BigEndian.AppendUint32(file, uint32(count))
	}
	file = binary.BigEndian.AppendUint32(file, uint32(at.Unix()))
	file = append(file, 1) // the second offset, from then on
	for i, o := range []offset{before, after} {
		file = binary.BigEndian.AppendUint32(file, uint32(int32(o.ahead/time.Second)))
		summer := byte(0)
		if o.summer {
			summer = 1
		}
		file = append(file, summer, byte(i*(len(before.name)+1)))
	}
	return append(file, names...)
}
