// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity // import "github.com/integrationlog/integrationlog/internal/activity"

import "time"

// Representable tells whether a time fits into a record's nanoseconds since 1970.
func Representable(at time.Time) bool {
	return at.Unix() > 0 && at.Year() < 2262
}

// ParseTime returns the time that a text in the form of RFC 3339 tells, with or without
// a fraction of a second. It is zero for what is none, or cannot be a record's.
func ParseTime(text string) time.Time {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil || !Representable(at) {
		return time.Time{}
	}
	return at
}
