// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package callrow takes from the rows of event log files the calls of the integration's
// users that failed.
package callrow // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"

import "time"

// Type is the type of event that a log file is about.
type Type string

// The types that tell of an integration's calls. ApiTotalUsage and Login are free; the
// others are there only in orgs that have Event Monitoring.
// Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_supportedeventtypes.htm
const (
	RestAPI       Type = "RestApi"
	APITotalUsage Type = "ApiTotalUsage"
	BulkAPI2      Type = "BulkApi2"
	Login         Type = "Login"
)

// Key is a row's content, as a digest. Rows of one file may have the same.
type Key [16]byte

// Call is what may be logged of a call that failed. The user, the addresses and the
// resource are not part of it.
type Call struct {
	Type Type
	// Key is equal for equal rows, whichever file they stand in.
	Key           Key
	Time          time.Time
	RequestID     string
	Method        string
	StatusCode    int
	RequestStatus string
	// Exception is Salesforce's text, with the error code before it where there is one.
	Exception string
	Entity    string
	// RecordID is the record that the resource names, where it names one by its id.
	RecordID string
	// Action is the part of the API that the resource names, such as sobjects or query.
	Action       string
	Family       string
	ConnectedApp string
	LoginStatus  string
	JobID        string
	JobStatus    string
	Operation    string
	// Failed and Processed are a bulk job's records.
	Failed    int
	Processed int
}

// REST tells whether the call is one that RestApi files tell of, too. A call of
// ApiTotalUsage that names no family may be one.
func (c *Call) REST() bool {
	return c.Type == RestAPI || c.Type == APITotalUsage && (c.Family == "" || equalFold(c.Family, "REST"))
}
