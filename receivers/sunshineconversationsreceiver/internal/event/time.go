// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"

import (
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// maxTime bounds a time, in bytes.
const maxTime = 40

// Time returns when it happened; zero where the event does not tell.
func (e *Event) Time() time.Time {
	if at, ok := parseTime(e.Get(CreatedAt)); ok {
		return at
	}
	at, _ := parseTime(e.Get(Timestamp))
	return at
}

func isTime(text string) bool {
	_, ok := parseTime(text)
	return ok
}

// parseTime understands version 2, RFC 3339, and the older versions, seconds since 1970
// with a fraction, whose digits are kept: a float has not enough of them.
func parseTime(text string) (time.Time, bool) {
	if text == "" || len(text) > maxTime {
		return time.Time{}, false
	}
	if at := activity.ParseTime(text); !at.IsZero() {
		return at, true
	}
	whole, fraction, _ := strings.Cut(text, ".")
	seconds, err := strconv.ParseUint(whole, 10, 62)
	if err != nil || strings.Trim(fraction, "0123456789") != "" {
		return time.Time{}, false
	}
	fraction = (fraction + "000000000")[:9]
	nanoseconds, _ := strconv.ParseInt(fraction, 10, 64) // nine digits
	at := time.Unix(int64(seconds), nanoseconds).UTC()
	return at, activity.Representable(at)
}
