// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sfid

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestForms(t *testing.T) {
	short, ok := Parse("0015e00000AbCdE")
	require.True(t, ok)
	long, ok := Parse([]byte(short.Long()))
	require.True(t, ok)
	require.Equal(t, short, long)
	require.Len(t, short.Long(), 18)
	require.Equal(t, "0015e00000AbCdE", long.String())

	other, ok := Parse("0015e00000abcde")
	require.True(t, ok)
	require.NotEqual(t, short, other, "two ids may differ in capitals only")
	require.NotEqual(t, short.Long(), other.Long())
}

// TestLong: an id of Salesforce's own documentation, in both forms.
func TestLong(t *testing.T) {
	short, ok := Parse("001D000000IqhSL")
	require.True(t, ok)
	require.Equal(t, "001D000000IqhSLIAZ", short.Long())
}

func TestNoID(t *testing.T) {
	for _, text := range []string{"", "001", "0015e00000AbCdEAB", "0015e00000AbC/E", "0015e00000AbCdÉ", "0015e00000AbCdEABCD"} {
		_, ok := Parse(text)
		require.False(t, ok, text)
	}
}

func TestText(t *testing.T) {
	text, err := Short([]byte("001D000000IqhSL")).MarshalText()
	require.NoError(t, err)
	require.Equal(t, "001D000000IqhSL", string(text))
	var read Short
	require.NoError(t, read.UnmarshalText([]byte("001D000000IqhSLIAZ")))
	require.Equal(t, "001D000000IqhSL", read.String())
	require.Error(t, read.UnmarshalText([]byte("001")))
}
