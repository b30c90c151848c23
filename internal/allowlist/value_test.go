// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWordsAndNames(t *testing.T) {
	tests := map[string]struct{ word, name bool }{
		"":                              {false, false},
		"820982911946154508":            {true, true},
		"gid://shopify/Order/1?a=b":     {true, true},
		"whatsapp:131047":               {true, true},
		"2026-11-03T09:00:03.5Z":        {true, true},
		"2026-11-03T09:00:03+01:00":     {false, true},
		"in_transit":                    {true, true},
		"#1001":                         {false, true},
		"La Poste & Cie":                {false, true},
		"Nº 1 ✓":                        {false, true},
		"ä":                             {false, true},
		"jane.doe@example.com":          {false, false},
		"jane.doe%40example.com":        {false, false},
		"Shop of jane.doe@example.com":  {false, false},
		"+41 44 668 18 00":              {false, true},
		"a\nb":                          {false, false},
		"a\x00":                         {false, false},
		"a\u0085":                       {false, false},
		strings.Repeat("x", MaxValue):   {true, true},
		strings.Repeat("x", MaxValue+1): {false, false},
		strings.Repeat("é", MaxValue/2): {false, true},
		strings.Repeat("é", MaxValue):   {false, false},
	}
	for text, want := range tests {
		require.Equal(t, want.word, IsWord(text), "%.40q", text)
		require.Equal(t, want.name, IsName(text), "%.40q", text)
	}
}
