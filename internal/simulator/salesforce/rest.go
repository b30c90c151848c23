// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"net/http"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// restError is an error of the REST API, which answers with a list of them.
type restError struct {
	Message string `json:"message"`
	Code    string `json:"errorCode"`
}

func (e restError) write(w http.ResponseWriter, status int) {
	endpoint.JSON(w, status, []restError{e})
}

func (e restError) answer(status int) endpoint.Answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { e.write(w, status) }
}

// authorized lets only valid sessions through.
func (o *Org) authorized(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !o.sessions.valid(bearer(r)) {
			restError{"Session expired or invalid", "INVALID_SESSION_ID"}.write(w, http.StatusUnauthorized)
			return
		}
		handler(w, r)
	}
}

func notFound(w http.ResponseWriter, _ *http.Request) {
	restError{"The requested resource does not exist", "NOT_FOUND"}.write(w, http.StatusNotFound)
}

// Data is the path of everything but signing in, for faults; Downloads is that of the
// contents of log files, and Queries that of queries.
const (
	Data      = "/services/data/"
	Downloads = "/LogFile"
	Queries   = "/query"
)

// The answers that Salesforce gives when something is wrong, for endpoint.Fault.
var (
	// LimitExceeded is when the organization's requests of the day are used up. There is
	// no Retry-After.
	LimitExceeded = restError{"TotalRequests Limit exceeded.", "REQUEST_LIMIT_EXCEEDED"}.answer(http.StatusForbidden)
	// NotPermitted is when the user may not see event log files.
	NotPermitted = restError{"sObject type 'EventLogFile' is not supported.", "INVALID_TYPE"}.answer(http.StatusBadRequest)
	// APIDisabled is when the user may not use the API.
	APIDisabled = restError{"The REST API is not enabled for this Organization.", "API_DISABLED_FOR_ORG"}.answer(http.StatusForbidden)
	// ServerUnavailable is when an instance is overloaded.
	ServerUnavailable = restError{"Server temporarily unavailable", "SERVER_UNAVAILABLE"}.answer(http.StatusServiceUnavailable)
	// Maintenance is a page for people, with a status that looks like success.
	Maintenance = endpoint.Status(http.StatusOK, "text/html; charset=UTF-8",
		"<!DOCTYPE html><html><head><title>Scheduled maintenance</title></head><body>We are down for maintenance.</body></html>")
	// Gone is when a log file is listed, and not there.
	Gone endpoint.Answer = func(w http.ResponseWriter, r *http.Request, _ http.Handler) { notFound(w, r) }
)
