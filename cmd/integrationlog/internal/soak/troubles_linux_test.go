// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/load"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
)

// overlap is how many rows of a page of Zendesk's come again with the next one.
const overlap = 3

// answers are those of a vendor that is out of order, of something before it, or of one that
// has moved to an address.
func answers(elsewhere string) []endpoint.Answer {
	return []endpoint.Answer{
		endpoint.Status(http.StatusBadGateway, "text/html", "<html>"), salesforce.Maintenance, endpoint.HalfWritten(), endpoint.Broken(), endpoint.Slow(time.Second),
		endpoint.Redirect(elsewhere),
	}
}

// zendeskTroubles are the ways in which Zendesk may fail.
func zendeskTroubles(account *zendesk.Account, elsewhere string) []func() {
	const tokens, webhooks, invocations = "/oauth/tokens", "/api/v2/webhooks", "/invocations"
	troubles := []func(){}
	inject := func(path string, answer endpoint.Answer) {
		troubles = append(troubles, func() { account.Inject(endpoint.Fault{Path: path, Times: 1, Answer: answer}) })
	}
	for _, path := range []string{tokens, webhooks, invocations} {
		for _, answer := range answers(elsewhere) {
			inject(path, answer)
		}
		troubles = append(troubles, func() { account.ThrottleNext(path, 1, time.Second) })
	}
	for _, status := range []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError, http.StatusServiceUnavailable} {
		for _, path := range []string{webhooks, invocations} {
			inject(path, endpoint.Status(status, "application/json", `{"error":"the simulation"}`))
		}
	}
	for _, refusal := range []zendesk.OAuthError{zendesk.InvalidClient, zendesk.InvalidScope, {Status: http.StatusServiceUnavailable}} {
		troubles = append(troubles, func() { account.RefuseTokens(1, refusal) })
	}
	return troubles
}

// salesforceTroubles are the ways in which Salesforce may refuse to sign the product in, to
// tell which log files there are, and to hand one out; how subscriptions end is another fault.
// A file that is listed and not there is none of them: others wait for it, for an hour.
func salesforceTroubles(org *salesforce.Org, elsewhere string) []func() {
	const tokens = "/oauth2/token"
	troubles := []func(){}
	inject := func(path string, answer endpoint.Answer) {
		hours := len(troubles) + 2
		troubles = append(troubles, func() {
			org.Inject(endpoint.Fault{Path: path, Times: 1, Answer: answer})
			if path == salesforce.Downloads {
				addLogFile(org, hours) // one that was not asked for yet
			}
		})
	}
	for _, path := range []string{tokens, salesforce.Queries, salesforce.Downloads} {
		for _, answer := range answers(elsewhere) {
			inject(path, answer)
		}
	}
	for _, path := range []string{salesforce.Queries, salesforce.Downloads} {
		for _, answer := range []endpoint.Answer{
			salesforce.LimitExceeded, salesforce.APIDisabled, salesforce.ServerUnavailable,
			endpoint.Status(http.StatusUnauthorized, "application/json", `[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]`),
			endpoint.Status(http.StatusInternalServerError, "application/json", `[{"errorCode":"UNKNOWN_EXCEPTION","message":"An unexpected error occurred"}]`),
		} {
			inject(path, answer)
		}
	}
	inject(salesforce.Queries, salesforce.NotPermitted)
	for _, refusal := range []salesforce.OAuthError{
		salesforce.InvalidClientID, salesforce.InvalidClient, salesforce.NotApproved, salesforce.NotAdminApproved, salesforce.NoRunAsUser, salesforce.UnsupportedDomain,
	} {
		troubles = append(troubles, func() { org.RefuseTokens(1, refusal) })
	}
	return troubles
}

// addLogFile adds a log file without calls, of so many hours ago.
func addLogFile(org *salesforce.Org, hours int) {
	now := time.Now()
	org.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", Hourly: true, Sequence: 1, LogDate: now.Truncate(time.Hour).Add(-time.Duration(hours) * time.Hour),
		CreatedDate: now.Add(-load.FileAge), Content: salesforce.CSV(salesforce.RestAPIColumns),
	})
}
