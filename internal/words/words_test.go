// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package words

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestBuiltinWordsStandOnceAndInNormalForm(t *testing.T) {
	count := 0
	for status, lines := range lists {
		for _, line := range lines {
			for word := range strings.SplitSeq(line, ", ") {
				require.Equal(t, Normalise(word), word)
				require.NotEmpty(t, word)
				require.LessOrEqual(t, len(word), MaxLength)
				require.Equal(t, status, builtin[word], "%q stands under two statuses", word)
				count++
			}
		}
	}
	require.Len(t, builtin, count, "a word stands twice")
}

func TestBuiltinWords(t *testing.T) {
	tests := map[activity.Status][]string{
		activity.Debug: {
			"debug", "DEBUG", "Trace", "trace4", "DEBUG3", "verbose", "finest",
			"Débogage", "débogage", "DÉBOGAGE", "debogage", "DEBOGAGE",
		},
		activity.Info: {
			"info", "Information", "informational", "notice", "NOTICE", "INFO4",
			"accepted", "success", "Succeeded", "OK", "completed", "Execution Successful", "JobComplete",
			"Succès", "Réussi", "Accepté", "Terminé", "Informations",
		},
		activity.Warning: {
			"warning", "WARN", "Warn2", "throttled", "rate_limited", "Too Many Requests", "REQUEST_LIMIT_EXCEEDED", "blocked",
			"avertissement", "Avertissement", "AVERTISSEMENTS",
		},
		activity.Error: {
			"error", "ERR", "crit", "CRITICAL", "alert", "emerg", "Emergency", "panic", "fatal", "FATAL4", "severe",
			"failed", "FAILED", "client error", "client_error", "Client-Error", "SERVER_ERROR", "circuit broken", "CIRCUIT_BROKEN",
			"terminated", "timeout", "TIMED_OUT", "refused", "rejected", "DEADLINE_EXCEEDED", "SERVER_UNAVAILABLE", "uncategorized_error",
			"erreur", "Erreur", "ÉCHEC", "Échoué", "Refusée", "Délai d'attente dépassé", "Erreur du serveur",
		},
	}
	dictionary := NewDictionary(nil)
	for status, list := range tests {
		for _, word := range list {
			meaning := dictionary.Word(word)
			require.Equal(t, Decided, meaning.Kind, word)
			require.Equal(t, status, meaning.Status, word)
		}
	}
}

func TestForms(t *testing.T) {
	same := []string{
		"debogage",
		"débogage",
		"de\u0301bogage",
		" \t\r\nDÉBOGAGE\u00a0\u2003",
		"_débogage-",
		"\ufeffdébogage",
		"ｄｅｂｏｇａｇｅ",
	}
	for _, word := range same {
		require.Equal(t, "debogage", Normalise(word))
	}
	for _, word := range []string{"client error", "CLIENT__ERROR", "client - error", "client\u2011error", "\u00a0Client\terror\n"} {
		require.Equal(t, "client error", Normalise(word))
	}
}

func TestKinds(t *testing.T) {
	dictionary := NewDictionary(map[string]activity.Status{"Pending": activity.Warning, "404": activity.Info, "Grün": activity.Debug})
	tests := map[string]struct {
		want, wantCode Meaning
	}{
		"":        {Meaning{Kind: Blank}, Meaning{Kind: Blank}},
		" _ - \n": {Meaning{Kind: Blank}, Meaning{Kind: Blank}},
		"wibble":  {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
		"queued":  {Meaning{Kind: Undecided}, Meaning{Kind: Undecided}},
		"unknown": {Meaning{Kind: Undecided}, Meaning{Kind: Undecided}},
		"pending": {Meaning{Kind: Decided, Status: activity.Warning}, Meaning{Kind: Decided, Status: activity.Warning}},
		"GRÜN":    {Meaning{Kind: Decided, Status: activity.Debug}, Meaning{Kind: Decided, Status: activity.Debug}},
		" INFO ":  {Meaning{Kind: Decided, Status: activity.Info, Own: true}, Meaning{Kind: Decided, Status: activity.Info, Own: true}},
		"404":     {Meaning{Kind: Decided, Status: activity.Info}, Meaning{Kind: Decided, Status: activity.Info}},
		"403":     {Meaning{Kind: Unknown}, Meaning{Kind: Decided, Status: activity.Error}},
		// Words that foreign input may hold.
		"error\x00":                    {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
		"err\xff\xfeor":                {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
		"\x80":                         {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
		strings.Repeat("error", 1<<18): {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
		strings.Repeat(" ", 65):        {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
		strings.Repeat("\ufdfa", 21):   {Meaning{Kind: Unknown}, Meaning{Kind: Unknown}},
	}
	for word, test := range tests {
		t.Run(activity.Truncate(word, 20), func(t *testing.T) {
			require.Equal(t, test.want, dictionary.Word(word))
			require.Equal(t, test.wantCode, dictionary.WordOrCode(word))
		})
	}
}

func TestMappingLeavesTheBuiltinTableAlone(t *testing.T) {
	NewDictionary(map[string]activity.Status{"throttled": activity.Error})
	require.Equal(t, activity.Warning, NewDictionary(nil).Word("throttled").Status)
}

func TestLongWordsAreNotLookedAt(t *testing.T) {
	dictionary := NewDictionary(nil)
	long := strings.Repeat("é", 1<<19)
	require.Zero(t, testing.AllocsPerRun(100, func() { dictionary.Word(long) }))
}

func FuzzWord(f *testing.F) {
	for _, seed := range []string{"", "error", " Débogage", "CLIENT_ERROR", "404", "\x00", "\xff", "İNFO", "ﬀ", "\u0345", "ϴ"} {
		f.Add(seed)
	}
	dictionary := NewDictionary(map[string]activity.Status{"parked": activity.Debug})
	f.Fuzz(func(t *testing.T, word string) {
		meaning := dictionary.WordOrCode(word)
		if meaning.Kind == Decided {
			require.Contains(t, []activity.Status{activity.Debug, activity.Info, activity.Warning, activity.Error}, meaning.Status)
		} else {
			require.Empty(t, meaning.Status)
			require.False(t, meaning.Own)
		}
		require.Equal(t, meaning, dictionary.WordOrCode(word))
		if len(word) > MaxLength {
			require.Equal(t, Unknown, meaning.Kind)
			return
		}
		normal := Normalise(word)
		if meaning.Own {
			require.Equal(t, string(meaning.Status), normal)
		}
		require.True(t, utf8.ValidString(normal))
		require.Equal(t, strings.TrimSpace(normal), normal)
		require.NotContains(t, normal, "  ")
		require.NotContains(t, normal, "_")
		// What surrounds a word does not matter.
		if len(word)+4 <= MaxLength {
			require.Equal(t, normal, Normalise("_ "+word+"-\t"))
		}
	})
}

func BenchmarkWord(b *testing.B) {
	dictionary := NewDictionary(nil)
	for _, word := range []string{"failed", "CLIENT_ERROR", "Débogage", "wibble", strings.Repeat("x", 1<<20)} {
		b.Run(activity.Truncate(word, 16), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				dictionary.Word(word)
			}
		})
	}
}
