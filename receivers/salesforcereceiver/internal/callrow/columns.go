// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package callrow // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"

import (
	"errors"
	"fmt"
	"strings"
)

// column is what a row may tell, under whichever name.
type column int

const (
	timestamp column = iota
	timestampDerived
	requestID
	userID
	userIDDerived
	method
	resource
	statusCode
	requestStatus
	exception
	entity
	family
	connectedApp
	clientName
	loginStatus
	jobID
	jobStatus
	operation
	recordsFailed
	recordsProcessed
	// The others are not logged; they help to tell rows apart.
	loginKey
	sessionKey
	runTime
	cpuTime
	dbTotalTime
	rowsProcessed
	requestSize
	responseSize
	query
	columnCount
)

// names are the columns' names in the files; the types of events name some differently.
// Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_supportedeventtypes.htm
var names = map[string]column{
	"TIMESTAMP":          timestamp,
	"TIMESTAMP_DERIVED":  timestampDerived,
	"REQUEST_ID":         requestID,
	"USER_ID":            userID,
	"USER_ID_DERIVED":    userIDDerived,
	"METHOD":             method,
	"HTTP_METHOD":        method,
	"URI":                resource,
	"API_RESOURCE":       resource,
	"STATUS_CODE":        statusCode,
	"REQUEST_STATUS":     requestStatus,
	"EXCEPTION_MESSAGE":  exception,
	"ENTITY_NAME":        entity,
	"ENTITY_TYPE":        entity,
	"API_FAMILY":         family,
	"CONNECTED_APP_NAME": connectedApp,
	"CLIENT_NAME":        clientName,
	"LOGIN_STATUS":       loginStatus,
	"JOB_ID":             jobID,
	"JOB_STATUS":         jobStatus,
	"OPERATION_TYPE":     operation,
	"RECORDS_FAILED":     recordsFailed,
	"RECORDS_PROCESSED":  recordsProcessed,
	"LOGIN_KEY":          loginKey,
	"SESSION_KEY":        sessionKey,
	"RUN_TIME":           runTime,
	"CPU_TIME":           cpuTime,
	"DB_TOTAL_TIME":      dbTotalTime,
	"ROWS_PROCESSED":     rowsProcessed,
	"REQUEST_SIZE":       requestSize,
	"RESPONSE_SIZE":      responseSize,
	"QUERY":              query,
}

// ErrColumns means that a file lacks columns without which its rows tell nothing.
var ErrColumns = errors.New("columns are missing")

// needed are the columns of which a file must have one each.
var needed = map[Type][][]string{
	RestAPI:       {{"TIMESTAMP", "TIMESTAMP_DERIVED"}, {"USER_ID", "USER_ID_DERIVED"}, {"STATUS_CODE", "REQUEST_STATUS"}},
	APITotalUsage: {{"TIMESTAMP", "TIMESTAMP_DERIVED"}, {"USER_ID", "USER_ID_DERIVED"}, {"STATUS_CODE"}},
	BulkAPI2:      {{"TIMESTAMP", "TIMESTAMP_DERIVED"}, {"USER_ID", "USER_ID_DERIVED"}, {"RECORDS_FAILED", "JOB_STATUS"}},
	Login:         {{"TIMESTAMP", "TIMESTAMP_DERIVED"}, {"USER_ID", "USER_ID_DERIVED"}, {"LOGIN_STATUS", "REQUEST_STATUS"}},
}

// columns tells at which position of a row each column stands; -1 where the file has it not.
type columns [columnCount]int

// findColumns reads the header. Salesforce's columns differ from release to release, so
// it is the header alone that says where they are.
func findColumns(eventType Type, header []string) (columns, error) {
	var found columns
	for i := range found {
		found[i] = -1
	}
	present := make(map[string]bool, len(header))
	for i, name := range header {
		present[name] = true
		if c, ok := names[name]; ok && found[c] < 0 {
			found[c] = i
		}
	}
	var missing []string
	for _, alternatives := range needed[eventType] {
		if !anyOf(present, alternatives) {
			missing = append(missing, strings.Join(alternatives, " or "))
		}
	}
	if len(missing) > 0 {
		return found, fmt.Errorf("%w in a log file of type %s: %s", ErrColumns, eventType, strings.Join(missing, ", "))
	}
	return found, nil
}

func anyOf(present map[string]bool, alternatives []string) bool {
	for _, name := range alternatives {
		if present[name] {
			return true
		}
	}
	return false
}
