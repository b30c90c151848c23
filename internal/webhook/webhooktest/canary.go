// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Canaries looks for marked data in everything that comes out of a receiver.
type Canaries struct {
	// New returns the receiver anew.
	New func(tb testing.TB) Subject
	// Requests are the fixtures, with a valid credential.
	Requests map[string]Request
	// Forge puts a wrong credential into a request.
	Forge func(Request) Request
	// Sign puts the right credential into a request that was changed. It is needed where
	// the credential depends on the body.
	Sign func(Request) Request
	// Mark matches what must not get out. The receiver's records may hold text that a
	// person wrote, which the pipeline masks: no mark belongs there.
	Mark *regexp.Regexp
	// NotNow is the status code for what may succeed later; 0 stands for 503.
	NotNow int
	// ForGood is the status code for what the pipeline refuses for good.
	ForGood int
	// Records is how many records the requests make; 0 stands for any number but none.
	Records int
	// Endings are further ways in which a request can end, without a record.
	Endings map[string]Ending
}

// Ending is a way in which a request can end.
type Ending struct {
	// Next is the pipeline, where it has a part in it.
	Next consumer.Logs
	// Change is what brings it about. What it returns is signed anew.
	Change func(Request) Request
	// Code is the answer.
	Code int
}

// accepted is the only ending that leaves records.
const accepted = "accepted"

// Check posts all requests in every way in which a request can end.
func (c Canaries) Check(t *testing.T) {
	t.Helper()
	marked := 0
	for name, ending := range c.endings() {
		t.Run(name, func(t *testing.T) {
			r := Start(t, c.New(t), ending.Next)
			for fixture, request := range c.Requests {
				marked += len(c.Mark.FindAll(request.Body, -1))
				reply := r.Post(t, ending.Change(request))
				require.Equal(t, ending.Code, reply.Code, fixture)
				require.NotRegexp(t, c.Mark, fmt.Sprint(reply), fixture)
			}
			switch {
			case name != accepted:
				require.Zero(t, r.Sink.LogRecordCount())
			case c.Records > 0:
				require.Equal(t, c.Records, r.Sink.LogRecordCount())
			default:
				require.Positive(t, r.Sink.LogRecordCount())
			}
			for _, logs := range r.Sink.AllLogs() {
				require.NotRegexp(t, c.Mark, Text(t, logs))
			}
			require.NotZero(t, r.Log.Len(), "there is a log to look at")
			require.NotRegexp(t, c.Mark, r.Said(t))
		})
	}
	require.Positive(t, marked, "there is something to find")
}

// endings are those of every receiver, and its own.
func (c Canaries) endings() map[string]Ending {
	own := errors.New("the pipeline's own words")
	asItIs := func(q Request) Request { return q }
	sign := c.Sign
	if sign == nil {
		sign = asItIs
	}
	endings := map[string]Ending{
		accepted:     {Change: asItIs, Code: http.StatusOK},
		"delayed":    {Next: consumertest.NewErr(own), Change: asItIs, Code: cmp.Or(c.NotNow, http.StatusServiceUnavailable)},
		"refused":    {Next: consumertest.NewErr(consumererror.NewPermanent(own)), Change: asItIs, Code: c.ForGood},
		"forged":     {Change: c.Forge, Code: http.StatusUnauthorized},
		"truncated":  {Change: func(q Request) Request { return sign(Request{q.Header, q.Body[:len(q.Body)*9/10]}) }, Code: http.StatusBadRequest},
		"media type": {Change: func(q Request) Request { return q.With("Content-Type", "application/xml") }, Code: http.StatusUnsupportedMediaType},
	}
	for name, ending := range c.Endings {
		change := ending.Change
		ending.Change = func(q Request) Request { return sign(change(q)) }
		endings[name] = ending
	}
	return endings
}

// RequireMarked requires that in all JSON bodies the values of the members whose names
// match hold a mark, and returns how many there are.
func RequireMarked(tb testing.TB, body []byte, names, mark *regexp.Regexp) int {
	tb.Helper()
	var value any
	require.NoError(tb, json.Unmarshal(body, &value))
	return requireMarked(tb, "", value, names, mark)
}

func requireMarked(tb testing.TB, path string, value any, names, mark *regexp.Regexp) (marked int) {
	tb.Helper()
	switch value := value.(type) {
	case map[string]any:
		for key, member := range value {
			at := path + "." + key
			if text, ok := member.(string); ok && names.MatchString(key) {
				require.Regexp(tb, mark, text, at)
				marked++
			}
			marked += requireMarked(tb, at, member, names, mark)
		}
	case []any:
		for i, member := range value {
			marked += requireMarked(tb, fmt.Sprintf("%s[%d]", path, i), member, names, mark)
		}
	}
	return marked
}

// Text returns logs as JSON.
func Text(tb testing.TB, logs plog.Logs) string {
	tb.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(tb, err)
	return string(text)
}
