// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recordid

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLongIDs(t *testing.T) {
	// Ids that Salesforce's own pages show.
	for _, id := range []string{"001D000000KnaXjIAJ", "0017Q00000EiRcfQAF"} {
		assert.Equal(t, id, Long(Short(id)))
	}
	assert.Equal(t, "too short", Long("too short"))
	assert.Equal(t, "001", Short("001"))
}

func TestNewIDs(t *testing.T) {
	seen := map[string]bool{}
	for n := range 200 {
		id := New(Account, n)
		assert.Len(t, id, 18)
		assert.Equal(t, id, Long(Short(id)))
		assert.Equal(t, "001", id[:3])
		seen[id] = true
	}
	assert.Len(t, seen, 200)
}
