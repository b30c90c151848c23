// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

func TestSettleLineKeepsToTheLimit(t *testing.T) {
	const limit = 1024
	for _, char := range []string{"a", "ü", "订", "🙂", "\xff"} {
		for length := limit - 8; length < limit+8; length++ {
			body := pcommon.NewValueStr(strings.Repeat(char, length/len(char)+1)[:length])
			settleLine(body, limit)
			require.LessOrEqual(t, len(body.Str()), limit)
			require.True(t, utf8.ValidString(body.Str()))
			if char == "a" {
				require.Equal(t, length > limit, strings.Contains(body.Str(), "bytes cut"))
			}
		}
	}
}

func TestCutLineSaysHowMuchIsMissing(t *testing.T) {
	body := pcommon.NewValueStr(strings.Repeat("a", 5000))
	changes := settleLine(body, 1024)
	require.Equal(t, change.Of(change.LineTooLarge), changes)
	parts := regexp.MustCompile(`^(a+)… \[(\d+) bytes cut, sha256 [0-9a-f]{8}]$`).FindStringSubmatch(body.Str())
	require.Len(t, parts, 3)
	missing, err := strconv.Atoi(parts[2])
	require.NoError(t, err)
	require.Equal(t, 5000, len(parts[1])+missing)
	require.Greater(t, len(body.Str()), 1000, "no more is cut than need be")
}

// Two lines that differ only behind the cut are two entries.
func TestCutLinesStayDifferent(t *testing.T) {
	one, two := pcommon.NewValueStr(strings.Repeat("a", 5000)+"1"), pcommon.NewValueStr(strings.Repeat("a", 5000)+"2")
	settleLine(one, 1024)
	settleLine(two, 1024)
	require.NotEqual(t, one.Str(), two.Str())
}

func TestBodyThatIsNotText(t *testing.T) {
	small := pcommon.NewValueMap()
	small.Map().PutStr("k", "v")
	require.Zero(t, settleLine(small, 1024))
	require.Equal(t, pcommon.ValueTypeMap, small.Type(), "a map that fits stays one")

	large := pcommon.NewValueMap()
	large.Map().PutStr("k", strings.Repeat("v", 2000))
	require.Equal(t, change.Of(change.LineTooLarge), settleLine(large, 1024))
	require.Equal(t, pcommon.ValueTypeStr, large.Type())
	require.True(t, strings.HasPrefix(large.Str(), `{"k":"vvv`))

	deep := lokilimitstest.Nested(100)
	require.Equal(t, change.Of(change.TooDeep), settleLine(deep, 1024))
	require.Equal(t, strings.Repeat(`{"k":`, 32)+`"…"`+strings.Repeat("}", 32), deep.AsString())

	require.Zero(t, settleLine(pcommon.NewValueEmpty(), 1024))
}
