// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestHTTPStatus(t *testing.T) {
	tests := map[string]activity.Status{
		"100": activity.Info, "200": activity.Info, "204": activity.Info, "302": activity.Info, "399": activity.Info,
		"400": activity.Error, "401": activity.Error, "403": activity.Error, "404": activity.Error, "408": activity.Error,
		"422": activity.Error, "423": activity.Error, "425": activity.Error, "499": activity.Error,
		"429": activity.Warning,
		"500": activity.Error, "502": activity.Error, "503": activity.Error, "599": activity.Error,
	}
	dictionary := NewDictionary(nil)
	for code, want := range tests {
		require.Equal(t, Meaning{Kind: Decided, Status: want}, dictionary.WordOrCode(code), code)
		require.Equal(t, Meaning{Kind: Decided, Status: want}, dictionary.WordOrCode(" "+code+" "), code)
	}
	for _, code := range []string{"0", "1", "99", "099", "600", "999", "1000", "-40", "+40", "4 4", "0x9", "4.0", "2e2", "٤٠٤"} {
		require.Equal(t, Meaning{Kind: Unknown}, dictionary.WordOrCode(code), code)
	}
}

func TestSeverityNumbers(t *testing.T) {
	want := map[activity.Status][]plog.SeverityNumber{
		activity.Debug:   {1, 2, 3, 4, 5, 6, 7, 8},
		activity.Info:    {9, 10, 11, 12},
		activity.Warning: {13, 14, 15, 16},
		activity.Error:   {17, 18, 19, 20, 21, 22, 23, 24},
	}
	count := 0
	for status, numbers := range want {
		for _, number := range numbers {
			got, ok := FromSeverityNumber(number)
			require.True(t, ok)
			require.Equal(t, status, got, strconv.Itoa(int(number)))
			// The number's name means the same as the number.
			require.Equal(t, status, NewDictionary(nil).Word(number.String()).Status, number.String())
			count++
		}
	}
	require.Equal(t, 24, count)
	for _, number := range []plog.SeverityNumber{-1 << 31, -1, 0, 25, 1<<31 - 1} {
		_, ok := FromSeverityNumber(number)
		require.False(t, ok)
	}
}
