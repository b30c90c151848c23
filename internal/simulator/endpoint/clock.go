// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package endpoint

import (
	"net/http"
	"time"
)

// WithClock lets the answers of a vendor tell the vendor's own time, as those of every
// vendor do: who asks may go by that.
func WithClock(now func() time.Time, vendor http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", now().UTC().Format(http.TimeFormat))
		vendor.ServeHTTP(w, r)
	})
}
