// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisreceiver // import "github.com/integrationlog/integrationlog/receivers/zisreceiver"

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// statusCode is how ZIS says that the call of a custom action failed.
// Source: https://developer.zendesk.com/documentation/integration-services/developer-guide/state-retry-error-handling
var statusCode = regexp.MustCompile(`failed due to status code:? ?([1-5]\d\d)\b`)

// messages are the others by which ZIS tells of a failure, in lower case. The last three
// are known from a public integration, the others from Zendesk's documents.
// Source: https://developer.zendesk.com/documentation/integration-services/developer-guide/fixing-common-zis-errors
var messages = []struct {
	text string
	kind activity.ErrorType
}{
	{"json path not found", activity.ErrorValidation},
	{"invalid integration key", activity.ErrorAuthorization},
	{"authorization failed due to integration mismatch", activity.ErrorAuthorization},
	{"bundle contains duplicated resources", activity.ErrorConflict},
	{"error resolving json params", activity.ErrorValidation},
	{"cannot start flow because the connection named", activity.ErrorAuthorization},
	{"cannot start flow", activity.ErrorInternal},
}

// classify looks for ZIS's own messages. One of them tells of a failure although the
// entry's level tells nothing, and says of what a warning warns, but does not go against a
// level that says that all went well.
func classify(a *activity.Activity, level activity.Status) {
	text := a.Description
	if a.Error != nil {
		text += "\n" + a.Error.Message
	}
	kind, code := kindOf(text)
	if kind == "" {
		return
	}
	if a.HTTPStatusCode == 0 {
		a.HTTPStatusCode = code
	}
	if a.Error == nil && (level == "" || level == activity.Warning) {
		a.Error = &activity.Failure{Message: a.Description}
	}
	if a.Error != nil {
		a.Error.Type = kind
	}
}

// kindOf returns the class of the failure that a text tells of, and the status code, if
// it has one.
func kindOf(text string) (activity.ErrorType, int) {
	if match := statusCode.FindStringSubmatch(text); match != nil {
		code, _ := strconv.Atoi(match[1]) // three digits
		return activity.ErrorTypeOf(code), code
	}
	lower := strings.ToLower(text)
	for _, message := range messages {
		if strings.Contains(lower, message.text) {
			return message.kind, 0
		}
	}
	return "", 0
}
