// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apicall // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/apicall"

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

// describe says what was tried and why it failed.
func describe(call *callrow.Call, failure *activity.Failure) string {
	switch call.Type {
	case callrow.Login:
		return "The integration's user could not log in to Salesforce: " + why(loginReason(call.LoginStatus), failure.Code, 0) +
			". Until it can, its calls do not reach Salesforce"
	case callrow.BulkAPI2:
		return bulk(call)
	default:
		return tried(call) + " failed: " + why(reason(call, failure), failure.Code, call.StatusCode)
	}
}

// verbs are what the methods mean for a record.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/using_resources_working_with_records.htm
var verbs = map[string]string{
	http.MethodGet:    "Reading",
	http.MethodHead:   "Reading",
	http.MethodPost:   "Creating",
	http.MethodPatch:  "Updating",
	http.MethodPut:    "Writing",
	http.MethodDelete: "Deleting",
}

// tried says what the call was to do.
func tried(call *callrow.Call) string {
	entity := name(call.Entity)
	verb := verbs[call.Method]
	switch {
	case call.Action == "query" || call.Action == "queryAll" || call.Action == "search" || call.Action == "parameterizedSearch":
		return "A search" + phrase(" for ", entity) + " in Salesforce"
	case entity != "" && verb != "" && (call.Action == "sobjects" || call.Action == "" && call.REST()):
		return verb + " " + entity + phrase(" ", call.RecordID) + " in Salesforce"
	default:
		return kindOfCall(call) + phrase(" on ", entity) + " to Salesforce"
	}
}

// kindOfCall names the part of the API or, in REST, the method.
func kindOfCall(call *callrow.Call) string {
	if family := name(call.Family); family != "" && !call.REST() {
		return "A call over " + family
	}
	if verbs[call.Method] == "" {
		return "A call"
	}
	return "A " + call.Method + " call"
}

func bulk(call *callrow.Call) string {
	job := "A bulk job" + phrase(" ", name(call.JobID))
	if what := strings.TrimSpace(strings.ToLower(name(call.Operation)) + " " + name(call.Entity)); what != "" {
		job += " (" + what + ")"
	}
	switch {
	case call.Failed == 0:
		return job + " in Salesforce failed"
	case call.Processed >= call.Failed:
		return job + " in Salesforce failed for " + strconv.Itoa(call.Failed) + " of " + strconv.Itoa(call.Processed) + " records"
	default:
		return job + " in Salesforce failed for " + plural(call.Failed, "record")
	}
}

// reason says why in words: the exception's, or what the status code means. Free event
// log files have no exception.
func reason(call *callrow.Call, failure *activity.Failure) string {
	switch {
	case failure.Message != "":
		return strings.TrimRight(failure.Message, ". ")
	case failure.Code != "":
		return ""
	case meanings[call.StatusCode] != "":
		return meanings[call.StatusCode]
	case call.StatusCode >= http.StatusInternalServerError:
		return "Salesforce had an error of its own"
	case strings.EqualFold(call.RequestStatus, "A"):
		return "access was denied"
	case strings.EqualFold(call.RequestStatus, "N"):
		return "there is no such record or address"
	default:
		return "no reason was given"
	}
}

// meanings are what Salesforce means by a status code.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
var meanings = map[int]string{
	http.StatusMultipleChoices:       "the external id fits several records",
	http.StatusBadRequest:            "Salesforce refused what was sent",
	http.StatusUnauthorized:          "the session has expired or is not valid",
	http.StatusForbidden:             "the user may not do this, or the org's limit of API requests is reached",
	http.StatusNotFound:              "there is no such record or address",
	http.StatusMethodNotAllowed:      "the method is not allowed here",
	http.StatusConflict:              "it conflicts with the present state of the record",
	http.StatusGone:                  "this version of the API is retired",
	http.StatusPreconditionFailed:    "the record was changed meanwhile",
	http.StatusRequestEntityTooLarge: "more was sent than Salesforce takes",
	http.StatusUnsupportedMediaType:  "the form of what was sent is not supported",
	http.StatusTooManyRequests:       "too many requests",
	http.StatusServiceUnavailable:    "Salesforce is not available, or too many requests run at once",
}

// loginReason says what the more frequent statuses of a login mean.
// Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_login.htm
func loginReason(status string) string {
	switch strings.ToUpper(status) {
	case "LOGIN_ERROR_INVALID_PASSWORD":
		return "the password or the token is not valid"
	case "LOGIN_ERROR_USER_INACTIVE":
		return "the user is inactive"
	case "LOGIN_ERROR_USER_FROZEN":
		return "the user is frozen"
	case "LOGIN_ERROR_PASSWORD_LOCKOUT":
		return "the user is locked out"
	case "LOGIN_ERROR_RESTRICTED_DOMAIN":
		return "the address it came from is not allowed"
	case "LOGIN_ERROR_RESTRICTED_TIME":
		return "logins are not allowed at this time"
	case "":
		return "no reason was given"
	default:
		return ""
	}
}

// why joins the words and, in brackets, the codes.
func why(words, code string, statusCode int) string {
	var codes []string
	if code != "" {
		codes = append(codes, code)
	}
	if statusCode != 0 {
		codes = append(codes, "HTTP "+strconv.Itoa(statusCode))
	}
	all := strings.Join(codes, ", ")
	switch {
	case all == "":
		return words
	case words == "":
		return all
	default:
		return words + " (" + all + ")"
	}
}

func phrase(before, text string) string {
	if text == "" {
		return ""
	}
	return before + text
}

func plural(n int, word string) string {
	if n != 1 {
		word += "s"
	}
	return strconv.Itoa(n) + " " + word
}
