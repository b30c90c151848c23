// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package retryafter reads how long a vendor asks to be left alone.
package retryafter // import "github.com/integrationlog/integrationlog/internal/retryafter"

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Max bounds what a vendor can ask for, so that a mistake there does not stop a
// receiver for good.
const Max = time.Hour

// Of returns what the Retry-After header asks for, in seconds or as a date: 0 where it
// asks for nothing.
// Source: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
func Of(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(text, 64); err == nil {
		if !(seconds > 0) { // which is true of NaN too
			return 0
		}
		if seconds >= Max.Seconds() {
			return Max
		}
		return time.Duration(seconds * float64(time.Second))
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), Max)
}
