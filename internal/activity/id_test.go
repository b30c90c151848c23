// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDigest(t *testing.T) {
	require.Equal(t, "sha256-e3b0c44298fc1c149afbf4c8996fb924", Digest(nil))
	require.NotEqual(t, Digest([]byte("a")), Digest([]byte("b")))
}

func TestJoinID(t *testing.T) {
	require.Equal(t, "acme%2Feu/100%25%2Fx/a/b", JoinID("acme/eu", "100%/x", "a/b"))
	require.Equal(t, "//e", JoinID("", "", "e"))
	seen := map[string]bool{}
	for _, parts := range [][]string{{"a", "b", "c"}, {"a/b", "", "c"}, {"a", "b/c", ""}, {"", "a/b", "c"}, {"a%2Fb", "", "c"}, {"a", "", "b/c"}} {
		id := JoinID(parts...)
		require.False(t, seen[id], id)
		seen[id] = true
	}
}
