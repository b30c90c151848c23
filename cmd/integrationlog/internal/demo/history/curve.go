// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import "time"

// curve is how busy each hour of a day is.
type curve struct {
	hours [24]float64
	// weekend is how busy a Saturday or Sunday is beside a working day.
	weekend float64
}

var (
	// office is when agents work, and what they set off.
	office = curve{[24]float64{
		0: 0, 5: 0.1, 6: 0.3, 7: 1, 8: 4, 9: 8, 10: 10, 11: 10, 12: 7, 13: 9, 14: 10, 15: 10, 16: 9, 17: 6, 18: 2, 19: 1, 20: 0.5, 21: 0.3, 22: 0.1,
	}, 0.12}
	// shoppers are when people buy, and ask bots about it.
	shoppers = curve{[24]float64{
		0: 0.5, 1: 0.2, 2: 0.1, 3: 0.1, 4: 0.1, 5: 0.2, 6: 0.6, 7: 1.5, 8: 3, 9: 4, 10: 5, 11: 5.5, 12: 6, 13: 6, 14: 5.5, 15: 5, 16: 5.5, 17: 6,
		18: 7, 19: 8, 20: 8, 21: 6, 22: 4, 23: 1.5,
	}, 0.5}
)

// share is which part of what happens on a working day happens in the hour that begins at
// a time, in that time's zone.
func (c *curve) share(at time.Time) float64 {
	sum := 0.0
	for _, weight := range c.hours {
		sum += weight
	}
	share := c.hours[at.Hour()] / sum
	if !isWorkingDay(at) {
		share *= c.weekend
	}
	return share
}

func isWorkingDay(at time.Time) bool {
	return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday
}

// opening returns a time or, where nobody works then, one in the first hours of work after
// it.
func opening(d dice, at time.Time) time.Time {
	const begin, end = 7, 19
	for next := at; ; {
		year, month, day := next.Date()
		switch hour := next.Hour(); {
		case isWorkingDay(next) && hour >= begin && hour < end:
			return next
		case isWorkingDay(next) && hour < begin:
			next = time.Date(year, month, day, begin, 0, 0, 0, next.Location()).Add(d.between(0, 4*time.Hour))
		default:
			next = time.Date(year, month, day+1, 0, 0, 0, 0, next.Location())
		}
	}
}

// workingDaysAgo returns a time of the day on the n-th last day that people worked and on
// which that time is at least so long ago; the last is the 0th.
func workingDaysAgo(now time.Time, n, hour, minute int, atLeast time.Duration) time.Time {
	year, month, day := now.Date()
	for back := 0; ; back++ {
		at := time.Date(year, month, day-back, hour, minute, 0, 0, now.Location())
		if !isWorkingDay(at) || now.Sub(at) < atLeast {
			continue
		}
		if n == 0 {
			return at
		}
		n--
	}
}
