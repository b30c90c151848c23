// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"strings"
	"unicode"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
	"github.com/integrationlog/integrationlog/internal/words"
)

// dictionary is that of the severity processor, which settles on a status behind the
// receiver: both have to take an entry for a failure, or neither.
var dictionary = words.NewDictionary(nil)

// A level that the dictionary does not know is kept if it is as short as levels are.
const (
	maxLevel      = 32
	maxLevelWords = 2
)

// isLevel tells whether a text may be a level: what the dictionary knows, a status code, or
// a word or two. Whatever else a sender puts there would get into status.original.
func isLevel(text string) bool {
	switch {
	case saysNothing(text):
		return false
	case dictionary.WordOrCode(text).Kind > words.Unknown:
		return true
	default:
		return len(text) <= maxLevel && len(strings.Fields(text)) <= maxLevelWords &&
			strings.IndexFunc(text, isNoPartOfLevel) < 0 && !allowlist.IsPersonal(text)
	}
}

func isNoPartOfLevel(r rune) bool { return !unicode.IsLetter(r) && r != ' ' && r != '_' && r != '-' }

// Level is the status that the entry's level tells; empty where there is no level, and
// where it is a word that tells none, such as "pending".
func (e *Entry) Level() activity.Status { return statusOf(e.Get(levelPath)) }

func statusOf(word string) activity.Status { return dictionary.WordOrCode(word).Status }

// settle sets the status of an activity whose level tells none. What else the entry says
// decides. Where that is nothing, the level stays, and the severity processor makes of it
// what its configuration says.
func (e *Entry) settle(a *activity.Activity) {
	level := e.Get(levelPath)
	switch {
	case statusOf(e.Get(outcomePath)) == activity.Warning:
		a.Status = activity.Warning
	case a.Error != nil:
		a.Status = activity.Error
	default:
		a.Status = activity.Status(level)
		return
	}
	if level != "" {
		a.Attributes = append(a.Attributes, attribute.String(activity.StatusOriginalKey, level))
	}
}
