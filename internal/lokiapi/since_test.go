// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSince(t *testing.T) {
	assert.Equal(t, int64(1_795_000_000_000_999_999), Since(1_795_000_000_001_000_000))
	assert.Zero(t, Since(0))
	assert.Equal(t, int64(1_795_000_000_001_000_001), Since(1_795_000_000_001_000_001))
}
