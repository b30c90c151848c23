// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestCut(t *testing.T) {
	require.Equal(t, "short", Cut("short", MinLimit))
	require.Equal(t, strings.Repeat("x", MinLimit), Cut(strings.Repeat("x", MinLimit), MinLimit))
	cut := Cut(strings.Repeat("ü", 1000), 100)
	require.Equal(t, strings.Repeat("ü", 31)+"… [1938 bytes cut, sha256 "+Digest(strings.Repeat("ü", 1000))+"]", cut)
}

func FuzzCut(f *testing.F) {
	f.Add(strings.Repeat("ü", 100), 70)
	f.Add(strings.Repeat("🙂", 100), 71)
	f.Add("\xff\xfe"+strings.Repeat("a", 100), 64)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < MinLimit {
			t.Skip()
		}
		s = Valid(s)
		cut := Cut(s, limit)
		require.LessOrEqual(t, len(cut), limit)
		require.True(t, utf8.ValidString(cut))
		require.Equal(t, cut, Cut(cut, limit))
		require.Equal(t, len(s) > limit, cut != s)
	})
}

func FuzzIdentify(f *testing.F) {
	f.Add("id", 512)
	f.Add("\xff\uFFFDü"+strings.Repeat("ü", 100), 128)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if limit < 128 || limit > 1<<20 {
			t.Skip()
		}
		id := Identify(s, limit)
		require.LessOrEqual(t, len(id), limit)
		require.True(t, utf8.ValidString(id))
		require.NotContains(t, id, Replacement)
		require.Equal(t, id, Identify(s, limit))
		require.NotEqual(t, id, Identify(s+"x", limit))
	})
}
