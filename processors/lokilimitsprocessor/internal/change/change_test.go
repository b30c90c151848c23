// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package change

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestEveryReasonHasANameAndAnExplanation(t *testing.T) {
	seen := map[string]bool{}
	for kind := range Kind(Kinds) {
		require.NotEmpty(t, kind.String())
		require.NotEmpty(t, kind.Explain())
		require.False(t, seen[kind.String()], kind)
		seen[kind.String()] = true
	}
}

func TestSet(t *testing.T) {
	var set Set
	require.Empty(t, slices.Collect(set.All()))
	set |= Of(TooManyProducts)
	set |= Of(NoTimestamp)
	set |= Of(NoTimestamp)
	require.True(t, set.Has(NoTimestamp))
	require.False(t, set.Has(TooFarAhead))
	require.Equal(t, []Kind{NoTimestamp, TooManyProducts}, slices.Collect(set.All()))
}
