// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTimeOf(t *testing.T) {
	at := time.Date(2026, time.November, 26, 9, 30, 0, 0, time.UTC)
	tests := map[string]time.Time{
		"2026-11-26T09:30:00Z":           at,
		"2026-11-26T10:30:00+01:00":      at,
		"2026-11-26T09:30:00.123456789Z": at.Add(123456789),
		"2026-11-26T10:30:00+0100":       at,
		"2026-11-26T09:30:00.5+0000":     at.Add(time.Second / 2),
		"2026-11-26 09:30:00 UTC":        at,
		"2026-11-26 10:30:00 +0100":      at,
		"1795685400":                     at,
		"1795685400.25":                  at.Add(time.Second / 4),
		"1.7956854e9":                    at,
		"1795685400123":                  at.Add(123 * time.Millisecond),
		"1795685400123456":               at.Add(123456 * time.Microsecond),
		"1795685400123456789":            at.Add(123456789),
		"1000000000":                     time.Unix(1e9, 0),

		"":                              {},
		"{{ticket.updated_at}}":         {},
		"yesterday":                     {},
		"2026-11-26":                    {}, // all of a day's activities would be one
		"2026-11-26T09:30:00":           {}, // nobody knows whose clock that is
		"1969-12-31T23:59:59Z":          {},
		"2300-01-01T00:00:00Z":          {},
		"0":                             {},
		"-1":                            {},
		"17":                            {}, // a counter
		"20261126":                      {}, // a date
		"20261126093000":                {},
		"999999999":                     {},
		"9223372036854775807":           {},
		"99999999999999999999999999999": {},
		"NaN":                           {},
		"+Inf":                          {},
		"1e400":                         {},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			got := timeOf(text)
			require.Truef(t, want.Equal(got), "%v instead of %v", got, want)
		})
	}
}
