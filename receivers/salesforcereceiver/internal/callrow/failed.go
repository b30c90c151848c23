// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package callrow // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"

import (
	"net/http"
	"strings"
)

// loginSucceeded is the LOGIN_STATUS of a login that did not fail.
// Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_login.htm
const loginSucceeded = "LOGIN_NO_ERROR"

// failedStatuses are the REQUEST_STATUSes of calls that failed: F failure, A authorization
// error, N not found. S, U (undefined), R (redirect) and none say nothing of a failure.
// Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_restapi.htm
const failedStatuses = "FAN"

func (p *Parser) failed(row Row) bool {
	switch p.eventType {
	case Login:
		if status := p.text(row, loginStatus); status != "" {
			return !equalFold(status, loginSucceeded)
		}
		return p.requestFailed(row)
	case BulkAPI2:
		return p.number(row, recordsFailed) > 0 || equalFold(p.text(row, jobStatus), "Failed")
	default:
		return p.callFailed(row)
	}
}

// callFailed: the status code decides where there is one. 300 means that an external id
// fits several records, of which then none was changed.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
func (p *Parser) callFailed(row Row) bool {
	if code := p.number(row, statusCode); code != 0 {
		return code >= http.StatusBadRequest || code == http.StatusMultipleChoices
	}
	return p.requestFailed(row)
}

func (p *Parser) requestFailed(row Row) bool {
	status := p.text(row, requestStatus)
	return len(status) == 1 && strings.Contains(failedStatuses, strings.ToUpper(status))
}

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }
