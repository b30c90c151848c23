// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/sentence"
)

// Describe puts the message of an activity, which stands in its Description, into a
// sentence that can be understood without the details: what did it, and why it failed.
// Nothing is said twice.
func Describe(a *activity.Activity, who ...string) string {
	text := sentence.OneLine(a.Description)
	if a.Error != nil {
		text = sentence.Because(text, sentence.OneLine(a.Error.Message))
	}
	if subject := joined(who); subject != "" {
		text = subject + ": " + text
	}
	if a.Error != nil {
		text += statusCode(text, a.HTTPStatusCode)
	}
	return activity.Truncate(text, maxSentence)
}

func joined(who []string) string {
	var parts []string
	for _, part := range who {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// Called names a thing by what it is and what somebody called it; nothing if nobody did. Quotes tell
// where a name of several words ends.
func Called(noun, name string) string {
	if name == "" {
		return ""
	}
	return noun + ` "` + name + `"`
}

// statusCode is what a status code has to say that a sentence has not said yet.
func statusCode(text string, code int) string {
	if code < http.StatusBadRequest {
		return ""
	}
	var words []string
	if number := strconv.Itoa(code); !hasNumber(text, number) {
		words = append(words, number)
	}
	if reason := http.StatusText(code); reason != "" && !strings.Contains(strings.ToLower(text), strings.ToLower(reason)) {
		words = append(words, reason)
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, " ") + ")"
}

var numbers = regexp.MustCompile(`\d+`)

// hasNumber tells whether a number stands in a text, and not only within another.
func hasNumber(text, number string) bool {
	return slices.Contains(numbers.FindAllString(text, -1), number)
}
