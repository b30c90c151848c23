// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// failure is what the entry tells of an activity that failed; nil if it did not fail.
func (e *Entry) failure(statusCode int) *activity.Failure {
	cause := e.first(causePaths)
	code := e.code(cause)
	if !e.failed(statusCode >= http.StatusBadRequest || cause != "", code != "") {
		return nil
	}
	f := &activity.Failure{Type: activity.ErrorOther, Code: code, Message: firstOf(cause, e.Get(messagePath))}
	switch {
	case statusCode >= http.StatusBadRequest:
		f.Type = activity.ErrorTypeOf(statusCode)
	case slices.ContainsFunc([]string{cause, e.Get(messagePath), e.Get(outcomePath), e.Get(levelPath)}, saysTimeout):
		f.Type = activity.ErrorTimeout
	}
	return f
}

// code is what the vendor calls the failure. The error is that, where it is a word and the
// cause stands elsewhere: a Fail state of ZIS has the two.
func (e *Entry) code(cause string) string {
	code := e.first(codePaths)
	if word := e.Get(errorPath); code == "" && word != cause && isWord(word) && !saysNothing(word) {
		return word
	}
	return code
}

// failed tells whether an entry is about a failure. Its level decides; where that tells
// nothing, what the entry tells besides. A warning is a failure if it says of what. A code
// alone is no sign: what goes well may have one, too.
func (e *Entry) failed(signs, hasCode bool) bool {
	switch e.Level() {
	case activity.Error:
		return true
	case activity.Warning:
		return signs || hasCode
	case "":
		outcome := statusOf(e.Get(outcomePath))
		return signs || outcome == activity.Error || outcome == activity.Warning && hasCode
	default:
		return false
	}
}

// statusCode is what the entry tells of HTTP: in the field for it, or as its level or its
// outcome.
func (e *Entry) statusCode() int {
	for _, path := range [...]string{statusCodePath, levelPath, outcomePath} {
		if code := statusCodeOf(e.Get(path)); code != 0 {
			return code
		}
	}
	return 0
}

// first returns the first of the fields that says something.
func (e *Entry) first(paths []string) string {
	for _, path := range paths {
		if value := e.Get(path); !saysNothing(value) {
			return value
		}
	}
	return ""
}

func saysTimeout(text string) bool {
	text = strings.ReplaceAll(strings.ToLower(text), "_", " ")
	return strings.Contains(text, "timed out") || strings.Contains(text, "timeout") || strings.Contains(text, "time out")
}

// statusCodeOf returns the status code that a text is, and 0 if it is none.
func statusCodeOf(text string) int {
	code, err := strconv.Atoi(text)
	if err != nil || code < 100 || code > 599 {
		return 0
	}
	return code
}
