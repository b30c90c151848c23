// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/internal/webhook/internal/metadatatest"
)

func (r *rig) requireUnreadable(want map[string]int64) {
	r.t.Helper()
	var points []metricdata.DataPoint[int64]
	for reason, n := range want {
		points = append(points, metricdata.DataPoint[int64]{
			Value: n, Attributes: attribute.NewSet(attribute.String("reason", reason), attribute.String("receiver", r.id.String())),
		})
	}
	metadatatest.AssertEqualWebhookUnreadableActivities(r.t, r.telemetry, points, metricdatatest.IgnoreTimestamp(), metricdatatest.IgnoreExemplars())
}

// What cannot be understood does not hold up its neighbours.
func TestUnreadableActivities(t *testing.T) {
	r := startRig(t)
	r.requireCode(http.StatusOK, r.post(`{"activities":[{"id":"a"}],"unreadable":{"no_message":2,"no_time":1}}`))
	r.requireCode(http.StatusOK, r.post(`{"unreadable":{"no_message":3}}`))
	assert.Equal(t, []string{"a"}, r.sink.stored())
	r.requireUnreadable(map[string]int64{"no_message": 5, "no_time": 1})
	assert.Zero(t, r.allRejected())
}

// A request of which nothing can be understood is malformed, and says why all the same.
func TestNothingIsReadable(t *testing.T) {
	r := startRig(t)
	r.requireCode(http.StatusBadRequest, r.post(`{"activities":[{"id":"a"}],"unreadable":{"no_message":2},"none":true}`))
	assert.Empty(t, r.sink.handovers())
	r.requireUnreadable(map[string]int64{"no_message": 2})
	assert.EqualValues(t, 1, r.rejected(Malformed))
}

// They are counted once they came from somebody who has the secret.
func TestUnreadableOfAStranger(t *testing.T) {
	r := startRig(t)
	r.requireCode(http.StatusUnauthorized, r.do(r.request(strings.NewReader(`{"unreadable":{"no_message":2}}`))))
	assert.Zero(t, r.sum("otelcol_webhook_unreadable_activities"))
	assert.NotContains(t, r.logLines(), "no_message")
}

// For each reason there is one line an hour.
func TestUnreadableIsLoggedOnceAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRig(t, withPipes(t))
		lines := func(reason string) int {
			return strings.Count(r.logLines(), fmt.Sprintf(`"reason":%q`, reason))
		}
		send := func() {
			for range 3 {
				r.requireCode(http.StatusOK, r.post(`{"unreadable":{"no_message":2}}`))
				r.requireCode(http.StatusBadRequest, r.post(`{"unreadable":{"no_message":1,"no_time":1},"none":true}`))
			}
		}
		send()
		assert.Equal(t, 1, lines("no_message"))
		assert.Equal(t, 1, lines("no_time"))
		assert.Contains(t, r.logLines(), `"activities":2`)

		time.Sleep(logInterval - time.Second)
		send()
		assert.Equal(t, 1, lines("no_message"))
		time.Sleep(time.Second)
		send()
		assert.Equal(t, 2, lines("no_message"))
		assert.Equal(t, 2, lines("no_time"))
		r.requireUnreadable(map[string]int64{"no_message": 27, "no_time": 9})
		r.stop()
	})
}
