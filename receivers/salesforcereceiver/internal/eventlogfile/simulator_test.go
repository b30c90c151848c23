// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
)

// tokens are those of a simulated org.
type tokens struct{ org *salesforce.Org }

func (s tokens) Token(context.Context) (oauth.Token, error) {
	return oauth.NewBearer(configopaque.String(s.org.Token()), time.Time{}, nil), nil
}

func (tokens) Invalidate(oauth.Token) {}

// simulated returns a poller of a simulated org, over HTTP.
func simulated(t *testing.T, settings salesforce.Settings) (*harness, *salesforce.Org) {
	t.Helper()
	h := newHarness(t)
	settings.Now = func() time.Time { return h.org.now }
	settings.PageSize = 2
	simulator, err := salesforce.Start(settings)
	require.NoError(t, err)
	client, err := apiclient.New(apiclient.Settings{BaseURL: simulator.URL, Tokens: tokens{simulator}})
	require.NoError(t, err)
	t.Cleanup(func() {
		client.Close()
		require.NoError(t, simulator.Close())
	})
	s := h.poller.settings
	s.API = client
	s.Users, err = ParseUsers([]string{simulator.Settings().UserID})
	require.NoError(t, err)
	// The Date header tells the machine's time, which is not that of the test.
	s.API = undated{client}
	h.poller, err = New(s)
	require.NoError(t, err)
	return h, simulator
}

// undated takes the Date header away.
type undated struct{ client *apiclient.Client }

func (u undated) Do(ctx context.Context, request apiclient.Request) (*apiclient.Response, error) {
	response, err := u.client.Do(ctx, request)
	if err == nil {
		response.Header.Del("Date")
	}
	return response, err
}

// TestSimulatedOrg reads the files of an org with Event Monitoring over HTTP: in pages,
// compressed, replaced and with a file that is gone.
func TestSimulatedOrg(t *testing.T) {
	h, simulator := simulated(t, salesforce.Settings{})
	nine := day.Add(9 * time.Hour)
	failed := func(n int) salesforce.Line {
		return simulator.RestCall(n, nine.Add(time.Duration(n)*time.Minute), 400, `"DUPLICATES_DETECTED: Use one of these records?"`)
	}
	ok := simulator.RestCall(90, nine, 201, "")
	created := start.Add(-4 * time.Hour)
	simulator.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", Hourly: true, Sequence: 1, LogDate: nine, CreatedDate: created, Content: salesforce.CSV(salesforce.RestAPIColumns, ok, failed(1)),
	})
	simulator.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", Hourly: true, Sequence: 2, LogDate: nine, CreatedDate: created.Add(time.Minute), Content: salesforce.CSV(salesforce.RestAPIColumns, failed(2)),
	})
	late := simulator.RestCall(70, day.Add(8*time.Hour), 500, "UNKNOWN_EXCEPTION: x")
	daily := simulator.AddLogFile(salesforce.LogFile{
		EventType: "RestApi", LogDate: day, CreatedDate: created, Content: salesforce.CSV(salesforce.RestAPIColumns, ok, failed(1), failed(2)),
	})
	simulator.AddLogFile(salesforce.LogFile{
		EventType: "ApiTotalUsage", LogDate: day, CreatedDate: start.Add(-DefaultHold - time.Hour),
		Content: salesforce.CSV(salesforce.APITotalUsageColumns, simulator.APICall(1, nine.Add(time.Minute), 400), simulator.APICall(2, nine.Add(2*time.Minute), 400)),
	})
	gone := simulator.AddLogFile(salesforce.LogFile{EventType: "Login", LogDate: day, CreatedDate: created, Gone: true})

	require.ErrorContains(t, h.poller.Poll(t.Context()), gone)
	require.Len(t, h.requests(), 2)

	simulator.ReplaceLogFile(daily, salesforce.CSV(salesforce.RestAPIColumns, late, ok, failed(1), failed(2)), start)
	h.org.now = start.Add(time.Hour)
	require.ErrorContains(t, h.poller.Poll(t.Context()), gone)
	require.Len(t, h.requests(), 3)
	require.Equal(t, "UNKNOWN_EXCEPTION", h.taken[2].Error.Code)
	h.poll()
	require.Equal(t, []string{gone}, h.skipped)
	require.Len(t, h.requests(), 3)
}

// TestSimulatedFreeOrg: an org without hourly files, whose requests are used up for a while,
// and whose connection breaks within a file.
func TestSimulatedFreeOrg(t *testing.T) {
	h, simulator := simulated(t, salesforce.Settings{NoHourlyFiles: true})
	simulator.AddLogFile(salesforce.LogFile{
		EventType: "ApiTotalUsage", LogDate: day, CreatedDate: start.Add(-time.Hour),
		Content: salesforce.CSV(salesforce.APITotalUsageColumns, simulator.APICall(1, day.Add(time.Hour), 400), simulator.APICall(2, day.Add(2*time.Hour), 503)),
	})
	simulator.Inject(endpoint.Fault{Path: "/LogFile", Times: 1, Answer: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		endpoint.JSON(w, http.StatusForbidden, []map[string]string{{"errorCode": "REQUEST_LIMIT_EXCEEDED", "message": "TotalRequests Limit exceeded."}})
	}})
	requireDelay(t, h.poller.Poll(t.Context()))
	simulator.Inject(endpoint.Fault{Path: "/LogFile", Times: 1, Answer: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Length", "1000")
		_, _ = w.Write([]byte(`"EVENT_TYPE","TIMESTAMP","USER_ID","STATUS_CODE"` + "\n"))
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}})
	require.Error(t, h.poller.Poll(t.Context()))
	require.Empty(t, h.taken)
	h.poll()
	require.Len(t, h.requests(), 2)
	require.NotContains(t, simulator.Requests("/query")[1].Query.Get("q"), "Interval")
}
