// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"math"
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// layouts are what code at Zendesk writes besides RFC 3339: Liquid's and Ruby's.
var layouts = []string{"2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 UTC", "2006-01-02 15:04:05 -0700"}

// timeOf returns the time that a timestamp tells: RFC 3339, or a number since 1970 in
// seconds, milliseconds, microseconds or nanoseconds, which their size keeps apart. It is
// zero for what is none, such as a template that nobody has filled in.
func timeOf(text string) time.Time {
	if at := activity.ParseTime(text); !at.IsZero() {
		return at
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil && activity.Representable(at) {
			return at
		}
	}
	if at := sinceEpoch(text); activity.Representable(at) && !at.Before(firstNumber) {
		return at
	}
	return time.Time{}
}

// firstNumber is the first time that is taken for one where it is a number: in September
// 2001, before Zendesk. What lies before is a counter, or a date in digits such as 20261126.
var firstNumber = time.Unix(1e9, 0)

// The largest seconds, milliseconds and microseconds since 1970 that are taken for such;
// each lies some thousand years ahead.
const (
	maxSeconds      = 1e11
	maxMilliseconds = 1e14
	maxMicroseconds = 1e17
)

func sinceEpoch(text string) time.Time {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		switch {
		case n < maxSeconds:
			return time.Unix(n, 0)
		case n < maxMilliseconds:
			return time.UnixMilli(n)
		case n < maxMicroseconds:
			return time.UnixMicro(n)
		default:
			return time.Unix(0, n)
		}
	}
	seconds, err := strconv.ParseFloat(text, 64)
	if err != nil || !(seconds > 0 && seconds < maxSeconds) {
		return time.Time{}
	}
	whole, fraction := math.Modf(seconds)
	// A float of today's seconds is exact to some hundred nanoseconds.
	return time.Unix(int64(whole), int64(math.Round(fraction*1e6))*1e3)
}
