// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import (
	"net/http"
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

func salesforce(a *activities.Activity) string {
	if key, ok := salesforceCodes[a.ErrorCode]; ok {
		return key
	}
	switch {
	case a.Attributes["salesforce_event_log_file_type"] == "Login":
		return "advice.salesforce.login"
	case a.HTTPStatusCode == http.StatusMultipleChoices:
		return "advice.salesforce.ambiguous"
	case a.Type != "api_call" && a.ErrorType == string(activity.ErrorConflict):
		return "advice.salesforce.taken"
	case a.Attributes["salesforce_changed_at"] != "":
		return "advice.salesforce.not_confirmed"
	case changedSomehow(a.Attributes["salesforce_change_type"]):
		return "advice.salesforce.gap"
	default:
		return ""
	}
}

// changedSomehow tells events of which Salesforce sends no details.
func changedSomehow(changeType string) bool {
	return strings.HasPrefix(changeType, "GAP_")
}

// salesforceCodes are Salesforce's own codes, and two of the receiver's.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
var salesforceCodes = map[string]string{
	"UNABLE_TO_LOCK_ROW":     "advice.salesforce.lock",
	"REQUEST_LIMIT_EXCEEDED": "advice.salesforce.request_limit",
	"STORAGE_LIMIT_EXCEEDED": "advice.salesforce.storage",
	"QUERY_TIMEOUT":          "advice.salesforce.unavailable",
	"SERVER_UNAVAILABLE":     "advice.salesforce.unavailable",
	"UNKNOWN_EXCEPTION":      "advice.salesforce.unavailable",

	"DUPLICATES_DETECTED": "advice.salesforce.duplicates",
	"DUPLICATE_VALUE":     "advice.salesforce.duplicate_value",

	"INVALID_SESSION_ID":        "advice.salesforce.session",
	"INVALID_LOGIN":             "advice.salesforce.login",
	"AUTHENTICATION_FAILURE":    "advice.salesforce.login",
	"API_CURRENTLY_DISABLED":    "advice.salesforce.api_disabled",
	"API_DISABLED_FOR_ORG":      "advice.salesforce.api_disabled",
	"INSUFFICIENT_ACCESS":       "advice.salesforce.access",
	"TXN_SECURITY_NO_ACCESS":    "advice.salesforce.access",
	"INACTIVE_OWNER_OR_USER":    "advice.salesforce.inactive_owner",
	"ENTITY_IS_DELETED":         "advice.salesforce.deleted",
	"REQUIRED_FIELD_MISSING":    "advice.salesforce.required_field",
	"STRING_TOO_LONG":           "advice.salesforce.field_value",
	"MALFORMED_ID":              "advice.salesforce.field_value",
	"INVALID_EMAIL_ADDRESS":     "advice.salesforce.field_value",
	"FIELD_INTEGRITY_EXCEPTION": "advice.salesforce.field_value",
	"INVALID_FIELD":             "advice.salesforce.schema",
	"INVALID_TYPE":              "advice.salesforce.schema",
	"MALFORMED_QUERY":           "advice.salesforce.schema",

	"INSUFFICIENT_ACCESS_OR_READONLY":               "advice.salesforce.access",
	"INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY": "advice.salesforce.access",
	"INVALID_FIELD_FOR_INSERT_UPDATE":               "advice.salesforce.access",
	"FIELD_CUSTOM_VALIDATION_EXCEPTION":             "advice.salesforce.validation_rule",
	"FIELD_FILTER_VALIDATION_EXCEPTION":             "advice.salesforce.validation_rule",
	"INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST":       "advice.salesforce.field_value",
	"INVALID_CROSS_REFERENCE_KEY":                   "advice.salesforce.field_value",
	"CANNOT_UPDATE_CONVERTED_LEAD":                  "advice.salesforce.converted_lead",
	"CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY":          "advice.salesforce.automation",
	"CANNOT_EXECUTE_FLOW_TRIGGER":                   "advice.salesforce.automation",

	"replay_id_lost":   "advice.salesforce.replay_lost",
	"unreadable_event": "advice.salesforce.unreadable",
}
