// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apicall

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

func of(call callrow.Call) activity.Activity {
	return New(&call, 0, Source{Account: "00D5e000000AbCdEAE", FileID: "0AT5e0000000001", Interval: "Daily"}, time.Time{})
}

// TestStatuses: what passes by itself, and a search without a result, are warnings.
func TestStatuses(t *testing.T) {
	tests := []struct {
		call   callrow.Call
		status activity.Status
		class  activity.ErrorType
		code   string
	}{
		{callrow.Call{StatusCode: 400, Exception: "UNABLE_TO_LOCK_ROW: unable"}, activity.Warning, activity.ErrorConflict, "UNABLE_TO_LOCK_ROW"},
		{callrow.Call{StatusCode: 403, Exception: "REQUEST_LIMIT_EXCEEDED"}, activity.Warning, activity.ErrorRateLimit, "REQUEST_LIMIT_EXCEEDED"},
		{callrow.Call{StatusCode: 400, Exception: "QUERY_TIMEOUT: slow"}, activity.Warning, activity.ErrorTimeout, "QUERY_TIMEOUT"},
		{callrow.Call{StatusCode: 503, Exception: "SERVER_UNAVAILABLE: x"}, activity.Warning, activity.ErrorRemoteOutage, "SERVER_UNAVAILABLE"},
		{callrow.Call{StatusCode: 500, Exception: "UNKNOWN_EXCEPTION: x"}, activity.Warning, activity.ErrorRemoteOutage, "UNKNOWN_EXCEPTION"},
		{callrow.Call{StatusCode: 400, Exception: "STORAGE_LIMIT_EXCEEDED: full"}, activity.Error, activity.ErrorLimit, "STORAGE_LIMIT_EXCEEDED"},
		{callrow.Call{StatusCode: 400, Exception: "DUPLICATE_VALUE: x"}, activity.Error, activity.ErrorConflict, "DUPLICATE_VALUE"},
		{callrow.Call{StatusCode: 400, Exception: "FIELD_CUSTOM_VALIDATION_EXCEPTION: x"}, activity.Error, activity.ErrorValidation, "FIELD_CUSTOM_VALIDATION_EXCEPTION"},
		{callrow.Call{StatusCode: 400, Exception: "ENTITY_IS_DELETED: x"}, activity.Error, activity.ErrorNotFound, "ENTITY_IS_DELETED"},
		{callrow.Call{StatusCode: 401, Exception: "INVALID_SESSION_ID: x"}, activity.Error, activity.ErrorAuthorization, "INVALID_SESSION_ID"},
		{callrow.Call{StatusCode: 503, Exception: "BRAND_NEW: x"}, activity.Error, activity.ErrorRemoteOutage, "BRAND_NEW"},
		{callrow.Call{StatusCode: 409, Exception: "BRAND_NEW: x"}, activity.Error, activity.ErrorConflict, "BRAND_NEW"},
		{callrow.Call{StatusCode: 503}, activity.Warning, activity.ErrorRemoteOutage, ""},
		{callrow.Call{StatusCode: 504}, activity.Warning, activity.ErrorTimeout, ""},
		{callrow.Call{StatusCode: 429}, activity.Warning, activity.ErrorRateLimit, ""},
		{callrow.Call{StatusCode: 500}, activity.Error, activity.ErrorRemoteOutage, ""},
		{callrow.Call{StatusCode: 404, Method: "GET"}, activity.Warning, activity.ErrorNotFound, ""},
		{callrow.Call{StatusCode: 404, Method: "HEAD", Exception: "NOT_FOUND: x"}, activity.Warning, activity.ErrorNotFound, "NOT_FOUND"},
		{callrow.Call{StatusCode: 300, Method: "GET"}, activity.Warning, activity.ErrorConflict, ""},
		{callrow.Call{StatusCode: 404, Method: "PATCH"}, activity.Error, activity.ErrorNotFound, ""},
		{callrow.Call{StatusCode: 300, Method: "PATCH"}, activity.Error, activity.ErrorConflict, ""},
		{callrow.Call{StatusCode: 400, Method: "GET"}, activity.Error, activity.ErrorValidation, ""},
		{callrow.Call{RequestStatus: "N", Method: "GET"}, activity.Warning, activity.ErrorNotFound, ""},
		{callrow.Call{RequestStatus: "A"}, activity.Error, activity.ErrorAuthorization, ""},
		{callrow.Call{RequestStatus: "F"}, activity.Error, activity.ErrorOther, ""},
		{callrow.Call{Type: callrow.Login, LoginStatus: "LOGIN_ERROR_USER_FROZEN", StatusCode: 503}, activity.Error, activity.ErrorAuthorization, "LOGIN_ERROR_USER_FROZEN"},
	}
	for _, test := range tests {
		if test.call.Type == "" {
			test.call.Type = callrow.RestAPI
		}
		a := of(test.call)
		require.Equal(t, test.status, a.Status, test.call)
		require.Equal(t, test.class, a.Error.Type, test.call)
		require.Equal(t, test.code, a.Error.Code, test.call)
	}
}

// TestCodes: only what looks like a code at the beginning is one.
func TestCodes(t *testing.T) {
	for exception, want := range map[string][2]string{
		"NOT_FOUND: The resource": {"NOT_FOUND", "The resource"},
		"NOT_FOUND":               {"NOT_FOUND", ""},
		"  NOT_FOUND\n\t- it is":  {"NOT_FOUND", "it is"},
		"NOT_FOUNDation is":       {"", "NOT_FOUNDation is"},
		"Not_FOUND: x":            {"", "Not_FOUND: x"},
		"SOAP fault: NOT_FOUND":   {"", "SOAP fault: NOT_FOUND"},
		"A_1_B2: x":               {"A_1_B2", "x"},
		"NO":                      {"", "NO"},
		"":                        {"", ""},
		"_NOT_FOUND":              {"", "_NOT_FOUND"},
	} {
		code, text := codeOf(exception)
		require.Equal(t, want, [2]string{code, text}, exception)
	}
}

// TestSentences: those that no fixture has.
func TestSentences(t *testing.T) {
	for want, call := range map[string]callrow.Call{
		"A GET call to Salesforce failed: no reason was given":                                                  {Type: callrow.RestAPI, Method: "GET"},
		"A call on Case to Salesforce failed: access was denied":                                                {Type: callrow.RestAPI, Entity: "Case", RequestStatus: "A"},
		"Reading Case in Salesforce failed: there is no such record or address":                                 {Type: callrow.RestAPI, Entity: "Case", Method: "GET", RequestStatus: "N"},
		"A call over ApexREST on Case to Salesforce failed: the session has expired or is not valid (HTTP 401)": {Type: callrow.APITotalUsage, Family: "ApexREST", Entity: "Case", Method: "POST", StatusCode: 401},
		"Creating Case in Salesforce failed: X_Y (HTTP 400)":                                                    {Type: callrow.RestAPI, Entity: "Case", Method: "POST", StatusCode: 400, Exception: "X_Y"},
		"A bulk job in Salesforce failed for 2 records":                                                         {Type: callrow.BulkAPI2, Failed: 2},
	} {
		require.Equal(t, strings.Replace(want, "X_Y (HTTP 400)", "X_Y, HTTP 400", 1), of(call).Description)
	}
}

// TestLoginReasons: each status that is explained.
func TestLoginReasons(t *testing.T) {
	for status, want := range map[string]string{
		"LOGIN_ERROR_INVALID_PASSWORD": "not valid", "LOGIN_ERROR_USER_INACTIVE": "inactive", "LOGIN_ERROR_USER_FROZEN": "frozen", "LOGIN_ERROR_PASSWORD_LOCKOUT": "locked out",
		"LOGIN_ERROR_RESTRICTED_DOMAIN": "address", "LOGIN_ERROR_RESTRICTED_TIME": "time", "": "no reason", "LOGIN_OAUTH_INVALID_IP": "LOGIN_OAUTH_INVALID_IP",
	} {
		require.Contains(t, of(callrow.Call{Type: callrow.Login, LoginStatus: status}).Description, want)
	}
}

// TestIDs: an id tells type, content and ordinal, and is the same for both forms of the
// org's id.
func TestIDs(t *testing.T) {
	call := callrow.Call{Type: callrow.RestAPI, Key: callrow.Key{1, 2}}
	a := New(&call, 7, Source{Account: "00D5e000000AbCdEAE"}, time.Time{})
	require.Equal(t, "00D5e000000AbCd/RestApi/01020000000000000000000000000000/7", a.ID)
	require.Equal(t, a.ID, New(&call, 7, Source{Account: "00D5e000000AbCd", FileID: "x", Interval: "Hourly"}, time.Time{}).ID)
	require.NotEqual(t, a.ID, New(&call, 8, Source{Account: "00D5e000000AbCd"}, time.Time{}).ID)
}

// TestBounds: whatever a file has, a record stays small, and its texts are on one line.
func TestBounds(t *testing.T) {
	long := strings.Repeat("ä\n", 20_000)
	for _, eventType := range []callrow.Type{callrow.RestAPI, callrow.APITotalUsage, callrow.BulkAPI2, callrow.Login} {
		a := of(callrow.Call{
			Type: eventType, Method: long, StatusCode: 400, RequestStatus: long, Exception: long, Entity: long, Family: long, ConnectedApp: long,
			LoginStatus: long, JobID: long, JobStatus: long, Operation: long, RequestID: long,
		})
		require.Less(t, len(a.Description), 6<<10)
		require.NotContains(t, a.Description, "\n")
		require.True(t, utf8.ValidString(a.Description))
		require.LessOrEqual(t, len(a.Error.Message), activity.MaxErrorMessage)
		for _, kv := range a.Attributes {
			require.LessOrEqual(t, len(kv.Value.String()), maxName)
		}
	}
}
