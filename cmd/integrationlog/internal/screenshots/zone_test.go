// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestItIsAlwaysLateMorningSomewhere(t *testing.T) {
	for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == 2026; at = at.Add(97 * time.Minute) {
		zone, err := time.LoadLocation(lateMorning(at))
		require.NoError(t, err)
		hour := at.In(zone).Hour()
		assert.True(t, hour >= 10 && hour < 13, "%s: %s", at, at.In(zone))
	}
}
