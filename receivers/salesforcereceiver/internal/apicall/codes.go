// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apicall // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/apicall"

import (
	"regexp"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/sentence"
)

// errorCode is how Salesforce's error codes look, which stand before the exception's text.
// How exactly they stand there is not published, so nothing else is asked of the text.
var errorCode = regexp.MustCompile(`^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b`)

// codeOf returns the error code with which a text begins, and the text without it.
func codeOf(exception string) (code, text string) {
	exception = sentence.OneLine(exception)
	code = errorCode.FindString(exception)
	return code, strings.TrimLeft(exception[len(code):], " :;,.-")
}

// classes are the error codes by what an admin has to look at. Salesforce has hundreds:
// these are the ones that a synchronisation meets, and what is not listed is classified by
// its status code.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/sforce_api_calls_concepts_core_data_objects.htm
var classes = map[string]activity.ErrorType{
	"API_CURRENTLY_DISABLED":                        activity.ErrorAuthorization,
	"API_DISABLED_FOR_ORG":                          activity.ErrorAuthorization,
	"INVALID_SESSION_ID":                            activity.ErrorAuthorization,
	"INVALID_LOGIN":                                 activity.ErrorAuthorization,
	"AUTHENTICATION_FAILURE":                        activity.ErrorAuthorization,
	"INSUFFICIENT_ACCESS":                           activity.ErrorAuthorization,
	"INSUFFICIENT_ACCESS_OR_READONLY":               activity.ErrorAuthorization,
	"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": activity.ErrorAuthorization,
	"INVALID_FIELD_FOR_INSERT_UPDATE":               activity.ErrorAuthorization,
	"TXN_SECURITY_NO_ACCESS":                        activity.ErrorAuthorization,

	"REQUIRED_FIELD_MISSING":                  activity.ErrorValidation,
	"FIELD_CUSTOM_VALIDATION_EXCEPTION":       activity.ErrorValidation,
	"FIELD_INTEGRITY_EXCEPTION":               activity.ErrorValidation,
	"FIELD_FILTER_VALIDATION_EXCEPTION":       activity.ErrorValidation,
	"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST": activity.ErrorValidation,
	"STRING_TOO_LONG":                         activity.ErrorValidation,
	"MALFORMED_ID":                            activity.ErrorValidation,
	"INVALID_EMAIL_ADDRESS":                   activity.ErrorValidation,
	"INVALID_CROSS_REFERENCE_KEY":             activity.ErrorValidation,
	"INACTIVE_OWNER_OR_USER":                  activity.ErrorValidation,
	"CANNOT_UPDATE_CONVERTED_LEAD":            activity.ErrorValidation,
	"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY":    activity.ErrorValidation,
	"CANNOT_EXECUTE_FLOW_TRIGGER":             activity.ErrorValidation,
	"DELETE_FAILED":                           activity.ErrorValidation,
	"INVALID_FIELD":                           activity.ErrorValidation,
	"INVALID_TYPE":                            activity.ErrorValidation,
	"MALFORMED_QUERY":                         activity.ErrorValidation,

	"ENTITY_IS_DELETED": activity.ErrorNotFound,
	"NOT_FOUND":         activity.ErrorNotFound,

	"DUPLICATE_VALUE":     activity.ErrorConflict,
	"DUPLICATES_DETECTED": activity.ErrorConflict,
	"UNABLE_TO_LOCK_ROW":  activity.ErrorConflict,

	"REQUEST_LIMIT_EXCEEDED": activity.ErrorRateLimit,
	"STORAGE_LIMIT_EXCEEDED": activity.ErrorLimit,
	"QUERY_TIMEOUT":          activity.ErrorTimeout,
	"SERVER_UNAVAILABLE":     activity.ErrorRemoteOutage,
	"UNKNOWN_EXCEPTION":      activity.ErrorRemoteOutage,
}

// transient are the codes of failures that pass, so that a repetition may succeed. A full
// storage does not empty itself: STORAGE_LIMIT_EXCEEDED is not among them.
var transient = map[string]bool{
	"UNABLE_TO_LOCK_ROW":     true,
	"REQUEST_LIMIT_EXCEEDED": true,
	"SERVER_UNAVAILABLE":     true,
	"UNKNOWN_EXCEPTION":      true,
	"QUERY_TIMEOUT":          true,
}
