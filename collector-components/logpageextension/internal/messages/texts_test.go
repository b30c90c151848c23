// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
)

// all are the sentences of a text, each form of it.
func (t *text) all() []string {
	if t.sentence != "" {
		return []string{t.sentence}
	}
	return []string{t.one, t.other}
}

var placeholder = regexp.MustCompile(`%(?:\[(\d)\])?(.)`)

// placeholders are which arguments a sentence takes and how, such as 1s and 2d.
func placeholders(t *testing.T, sentence string) []string {
	t.Helper()
	var found []string
	next := '1'
	for _, match := range placeholder.FindAllStringSubmatch(sentence, -1) {
		if match[1] != "" {
			next = rune(match[1][0])
		}
		require.Contains(t, []string{"s", "d"}, match[2], sentence)
		found = append(found, string(next)+match[2])
		next++
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	english := texts.byLanguage[language.English]
	require.Len(t, texts.byLanguage, len(Languages()))
	for _, l := range Languages() {
		t.Run(l.Tag, func(t *testing.T) {
			translated := texts.byLanguage[language.MustParse(l.Tag)]
			for key, want := range english {
				got, ok := translated[key]
				if !assert.True(t, ok, "%s is missing", key) {
					continue
				}
				assert.Equal(t, want.sentence == "", got.sentence == "", "%s has forms in one language only", key)
				wanted := placeholders(t, want.all()[len(want.all())-1])
				for _, sentence := range got.all() {
					assert.Equal(t, wanted, placeholders(t, sentence), "%s: %s", key, sentence)
				}
			}
			for key := range translated {
				assert.Contains(t, english, key, "there is no such text in English")
			}
		})
	}
}

func TestTextsAreClean(t *testing.T) {
	for tag, byKey := range texts.byLanguage {
		for key, text := range byKey {
			assert.Regexp(t, `^[a-z_]+(\.[A-Za-z_0-9-]+)+$`, key)
			for _, sentence := range text.all() {
				assert.Equal(t, strings.TrimSpace(sentence), sentence, "%s of %s", key, tag)
				assert.NotContains(t, sentence, "  ", "%s of %s", key, tag)
				assert.Negative(t, strings.IndexFunc(sentence, unicode.IsControl), "%s of %s", key, tag)
			}
		}
	}
}

// A translator who leaves a sentence in English is found by it: sentences of some length
// differ in each language.
func TestNoSentenceIsLeftInEnglish(t *testing.T) {
	for tag, byKey := range texts.byLanguage {
		if tag == language.English {
			continue
		}
		for key, text := range byKey {
			english := texts.byLanguage[language.English][key]
			if sentence := text.all()[0]; strings.Count(sentence, " ") > 2 {
				assert.NotEqual(t, english.all()[0], sentence, "%s of %s", key, tag)
			}
		}
	}
}

// The typography of each language: what a reader would take for carelessness.
func TestTypography(t *testing.T) {
	wrong := map[language.Tag]*regexp.Regexp{
		language.French:              regexp.MustCompile(`[^\x{a0}\d]: | [;:?!»]|[^\x{202f}][;?!]|« |'|"|(^|[ ’])(tu|ton|tes)[ ,.]`),
		language.German:              regexp.MustCompile(`'|"| [;:?!]|(^|[ „])(du|dein|deine)[ ,.]`),
		language.Spanish:             regexp.MustCompile(`'|"| [;:?!]|^[^¿]*\?|^[^¡]*!|(^|[ “])(tú|tus|vuestro)[ ,.]`),
		language.BrazilianPortuguese: regexp.MustCompile(`'|"| [;:?!]|(^|[ “])(tu|teu|vós)[ ,.]`),
	}
	for tag, pattern := range wrong {
		for key, text := range texts.byLanguage[tag] {
			for _, sentence := range text.all() {
				assert.NotRegexp(t, pattern, sentence, "%s of %s", key, tag)
			}
		}
	}
}

func TestFilesThatAreNotRead(t *testing.T) {
	for name, content := range map[string]string{
		"no text":       `1`,
		"a list":        `["a"]`,
		"one form":      `{"one": "a"}`,
		"another form":  `{"one": "a", "few": "b"}`,
		"three forms":   `{"one": "a", "other": "b", "many": "c"}`,
		"an empty form": `{"one": "", "other": "b"}`,
		"an empty text": `""`,
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, new(text).UnmarshalJSON([]byte(content)), "a text is a string")
		})
	}
}
