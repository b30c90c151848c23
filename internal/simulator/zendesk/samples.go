// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"fmt"
	"net/http"
	"time"
)

// AddTraffic adds invocations of a webhook, the last at the given time and each so much
// after the one before: most succeed, and among a hundred there is one of every way to
// fail, with its attempts. It returns how many rows there are in all: an invocation
// that is given up has two.
func (a *Account) AddTraffic(webhookID string, invocations int, last time.Time, apart time.Duration) (rows int) {
	for i := range invocations {
		at := last.Add(-time.Duration(invocations-1-i) * apart)
		rows += a.addSample(webhookID, i, at)
	}
	return rows
}

func (a *Account) addSample(webhookID string, i int, at time.Time) (rows int) {
	request := fmt.Sprintf(`{"ticket":{"id":%d,"requester":{"email":"ada@example.com"}}}`, i)
	failed := func(status string, code int, response string) int {
		id := a.AddInvocation(webhookID, Invocation{Status: status, StatusCode: code, CompletedAt: at})
		a.AddAttempt(webhookID, Attempt{InvocationID: id, Status: status, StatusCode: code, CompletedAt: at, Request: request, Response: response})
		return 1
	}
	switch i % 100 {
	case 13:
		return failed("server error", http.StatusBadGateway, "bad gateway")
	case 27:
		return failed("client error", http.StatusUnprocessableEntity, `{"error":"ada@example.com is not known"}`)
	case 41:
		return failed("timeout", 0, "")
	case 59:
		return failed("circuit broken", 0, "")
	case 73:
		// Throttled, and given up a while later: two rows with one id.
		later := at.Add(8*time.Minute + 10*time.Second)
		id := a.AddInvocation(webhookID, Invocation{Status: "throttled", CompletedAt: at})
		a.AddInvocation(webhookID, Invocation{ID: id, Status: "terminated", StatusCode: http.StatusForbidden, CompletedAt: later})
		a.AddAttempt(webhookID, Attempt{InvocationID: id, Status: "throttled", CompletedAt: at})
		a.AddAttempt(webhookID, Attempt{
			InvocationID: id, Status: "terminated", StatusCode: http.StatusForbidden, CompletedAt: later, Request: request, Response: "forbidden",
		})
		return 2
	default:
		a.AddInvocation(webhookID, Invocation{Status: "success", StatusCode: http.StatusOK, CompletedAt: at})
		return 1
	}
}
