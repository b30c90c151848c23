// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package retryafter

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// Whatever a vendor asks for, it is neither before now nor for long.
func FuzzOf(f *testing.F) {
	for _, text := range []string{"", "7", "0.5", "-1", "1e400", "NaN", "+Inf", "0x1p9", "Fri, 27 Nov 2026 10:00:00 GMT", "Friday, 27-Nov-26 10:00:00 GMT", "soon"} {
		f.Add(text)
	}
	now := time.Date(2026, 11, 27, 9, 59, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		pause := Of(http.Header{"Retry-After": {text}}, now)
		assert.GreaterOrEqual(t, pause, time.Duration(0))
		assert.LessOrEqual(t, pause, Max)
	})
}
