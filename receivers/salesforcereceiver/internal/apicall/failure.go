// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apicall // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/apicall"

import (
	"net/http"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

// failureOf returns what is known of why a call failed.
func failureOf(call *callrow.Call) activity.Failure {
	code, text := codeOf(call.Exception)
	switch {
	case call.Type == callrow.Login:
		return activity.Failure{Type: activity.ErrorAuthorization, Code: name(call.LoginStatus)}
	case code != "":
		return activity.Failure{Type: classOf(code, call), Code: code, Message: activity.Truncate(text, activity.MaxErrorMessage)}
	default:
		return activity.Failure{Type: byStatus(call), Message: activity.Truncate(text, activity.MaxErrorMessage)}
	}
}

func classOf(code string, call *callrow.Call) activity.ErrorType {
	if class, ok := classes[code]; ok {
		return class
	}
	return byStatus(call)
}

// byStatus classifies by the status code or, where a file has none, by the letter that
// stands for it.
func byStatus(call *callrow.Call) activity.ErrorType {
	switch {
	case call.StatusCode == http.StatusMultipleChoices:
		return activity.ErrorConflict
	case call.StatusCode != 0:
		return activity.ErrorTypeOf(call.StatusCode)
	case strings.EqualFold(call.RequestStatus, "A"):
		return activity.ErrorAuthorization
	case strings.EqualFold(call.RequestStatus, "N"):
		return activity.ErrorNotFound
	default:
		return activity.ErrorOther
	}
}

// statusOf: what passes by itself is a warning. So is a search that found nothing, or
// several records: integrations search before they create.
func statusOf(call *callrow.Call, failure *activity.Failure) activity.Status {
	switch {
	case call.Type == callrow.Login:
		return activity.Error
	case transient[failure.Code], passing(call.StatusCode) && failure.Code == "":
		return activity.Warning
	case reads(call.Method) && ambiguousOrMissing(call):
		return activity.Warning
	default:
		return activity.Error
	}
}

func passing(statusCode int) bool {
	switch statusCode {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	default:
		return false
	}
}

func reads(method string) bool { return method == http.MethodGet || method == http.MethodHead }

func ambiguousOrMissing(call *callrow.Call) bool {
	switch call.StatusCode {
	case http.StatusNotFound, http.StatusMultipleChoices:
		return true
	case 0:
		return strings.EqualFold(call.RequestStatus, "N")
	default:
		return false
	}
}
