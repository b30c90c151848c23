// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package retryafter

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestOf(t *testing.T) {
	now := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	tests := map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"-5":                            0,
		"NaN":                           0,
		"Inf":                           Max,
		"30":                            30 * time.Second,
		" 30 ":                          30 * time.Second,
		"1.5":                           1500 * time.Millisecond,
		"99999999999999999999":          Max,
		"1e300":                         Max,
		"soon":                          0,
		"Thu, 26 Nov 2026 12:02:00 GMT": 2 * time.Minute,
		"Thu, 26 Nov 2026 11:58:00 GMT": 0,
		"Fri, 27 Nov 2026 12:00:00 GMT": Max,
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			assert.Equal(t, want, Of(http.Header{"Retry-After": {text}}, now))
		})
	}
	assert.Zero(t, Of(nil, now))
}
