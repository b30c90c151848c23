// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
	"github.com/integrationlog/integrationlog/internal/sentence"
	"github.com/integrationlog/integrationlog/internal/words"
)

// maxText bounds each free text and included field, in bytes, and maxSentence what is made
// of them. The limits on a record come later in the pipeline; these keep the masking of
// free text cheap.
const (
	maxText     = 8 << 10
	maxSentence = 2 * maxText
)

// maxKeys bounds how many names of members are kept.
const maxKeys = 50

// Entry is what was read of an entry, by the allow-list of its product.
type Entry struct {
	schema *schema
	// values by number of the field; empty where it is missing or not what it should be.
	values []string
	// raw is the entry as it was posted.
	raw jsontext.Value
}

var _ allowlist.Keeper = (*Entry)(nil)

// Get returns the value of a field that the product knows, by its path. It is empty
// where the field is missing, or of another kind.
func (e *Entry) Get(path string) string {
	return e.values[e.schema.numbers[path]]
}

// Keep keeps a value that its field's kind allows. What stands below "fields" comes
// before what stands at the top.
func (e *Entry) Keep(number allowlist.Field, value jsontext.Value) {
	field, below := e.schema.field(number)
	if members := e.schema.inside[number]; members != nil && value.Kind() == '{' {
		// It has been read before, so there is no error.
		_ = allowlist.Object(value, members, e)
	}
	number = e.schema.numbers[field.Path]
	if e.values[number] != "" && !below {
		return
	}
	if text := textOf(field.Kind, value); text != "" {
		e.values[number] = text
	}
}

// textOf returns a value as text, or nothing where it is not of the kind.
func textOf(kind Kind, value jsontext.Value) string {
	switch valueKind := value.Kind(); {
	case kind == Keys:
		return keysOf(value)
	case kind == included:
	case valueKind == '{', valueKind == '[', (kind == Sentence || kind == own) && (valueKind == 't' || valueKind == 'f'):
		return "" // true and false are neither a sentence nor an id
	}
	text := strings.TrimFunc(allowlist.Text(value), isBlank)
	switch kind {
	case Name, Sentence:
		text = sentence.Visible(text)
	case level, Outcome:
		text = sentence.OneLine(text)
	}
	switch {
	case kind == included, kind == Sentence:
		return truncate(text)
	case !fits(kind, text):
		return ""
	default:
		return text
	}
}

// fits tells whether a text may be of a kind.
func fits(kind Kind, text string) bool {
	switch kind {
	case Word:
		return isWord(text)
	case ID:
		return isWord(text) && !tellsNothingApart(text)
	case Outcome:
		return isWord(text) || dictionary.WordOrCode(text).Kind > words.Unknown
	case Name:
		return isName(text) && !isPlaceholder(text)
	case level:
		return isLevel(text)
	case own:
		return !tellsNothingApart(text)
	default:
		return false
	}
}

func isWord(text string) bool { return allowlist.IsWord(text) && !allowlist.IsPersonal(text) }

func isName(text string) bool { return allowlist.IsName(text) && !allowlist.IsPersonal(text) }

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// keysOf returns the names of an object's members with commas between them.
func keysOf(value jsontext.Value) string {
	if value.Kind() != '{' {
		return ""
	}
	var keys []string
	// The value has been read before, so there is no error.
	_ = allowlist.Decode(value, func(dec *jsontext.Decoder) error {
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		for dec.PeekKind() != '}' {
			key, err := dec.ReadToken()
			if err != nil {
				return err
			}
			// A comma would make two names of one.
			if name := sentence.Visible(key.String()); len(keys) < maxKeys && isName(name) && !strings.Contains(name, ",") {
				keys = append(keys, name)
			}
			if err := dec.SkipValue(); err != nil {
				return err
			}
		}
		_, err := dec.ReadToken()
		return err
	})
	return strings.Join(keys, ",")
}
