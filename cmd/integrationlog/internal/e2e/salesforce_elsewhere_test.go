// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
)

// Wherever an answer of Salesforce's points, no request goes to another host, and with it no
// credential. What happened is in the log afterwards.
func TestSalesforcePointsElsewhere(t *testing.T) {
	elsewhere, err := endpoint.Elsewhere()
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, elsewhere.Close()) })
	all, org := installWithSalesforce(t)
	const tokens = "/oauth2/token"
	redirect := endpoint.Redirect(elsewhere.URL)
	for _, test := range []struct {
		name, path string
		answer     endpoint.Answer
	}{
		{"an instance at another host", tokens, answerJSON(map[string]any{
			"access_token": org.Token(), "instance_url": elsewhere.URL, "token_type": "Bearer", "id": "https://login.salesforce.com/id/00D000000000001/005000000000001",
		})},
		{"the next page at another host", salesforce.Queries, answerJSON(map[string]any{
			"totalSize": 3000, "done": false, "nextRecordsUrl": elsewhere.URL + "/services/data/v66.0/query/01g-2000", "records": []any{},
		})},
		{"the next page at another host, in short", salesforce.Queries, answerJSON(map[string]any{
			"totalSize": 3000, "done": false, "nextRecordsUrl": "//" + elsewhere.URL[len("http://"):] + "/services/data/v66.0/query/01g-2000", "records": []any{},
		})},
		{"a redirect of the token endpoint", tokens, redirect},
		{"a redirect of queries", salesforce.Queries, redirect},
		{"a redirect of a log file", salesforce.Downloads, redirect},
	} {
		t.Run(test.name, func(t *testing.T) {
			org.AddLogFile(salesforce.LogFile{
				EventType: "ApiTotalUsage", LogDate: time.Now().Add(-24 * time.Hour).Truncate(24 * time.Hour), CreatedDate: time.Now().Add(-7 * time.Hour),
				Content: salesforce.CSV(salesforce.APITotalUsageColumns),
			})
			org.Inject(endpoint.Fault{Path: test.path, Times: 1, Answer: test.answer})
			process := all.Start(t)
			harness.Eventually(t, time.Minute, func(context.Context) error {
				if org.Pending() > 0 || len(process.Stderr.Lines("\twarn\t", "salesforce"))+len(process.Stderr.Lines("\terror\t", "salesforce")) == 0 {
					return errors.New("it has not been pointed elsewhere, or does not say so")
				}
				return nil
			})
			process.Kill()
			assert.Empty(t, elsewhere.Requests(""), "nobody is to go there")
		})
	}
	process, _ := all.Run(t)
	org.publish(t, "Case", 1, changeevent.Change{})
	org.requireInLoki(t, all.Loki, time.Minute)
	process.Stop(t)
	assert.Empty(t, elsewhere.Requests(""), "nobody is to go there")
}

func answerJSON(content map[string]any) endpoint.Answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { endpoint.JSON(w, http.StatusOK, content) }
}
