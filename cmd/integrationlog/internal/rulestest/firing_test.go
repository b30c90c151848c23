// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package rulestest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/api/v2/models"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

const day = 24 * time.Hour

// alertmanager keeps what a ruler tells it: the description of each alert that fires, by name and product.
type alertmanager struct {
	mu     sync.Mutex
	firing map[string]string
	errs   []error
}

func (a *alertmanager) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	var alerts models.PostableAlerts
	err := json.NewDecoder(r.Body).Decode(&alerts)
	a.mu.Lock()
	defer a.mu.Unlock()
	if err != nil {
		a.errs = append(a.errs, err)
	}
	for _, alert := range alerts {
		a.firing[alert.Labels["alertname"]+" "+alert.Labels["product"]] = alert.Annotations["description"]
	}
}

func (a *alertmanager) heard() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return maps.Clone(a.firing)
}

// TestLokiFiresWhatItShould pushes what makes each rule fire, and beside it what only looks like it. All of it is
// real: the rules, the ruler, the records, the notification.
func TestLokiFiresWhatItShould(t *testing.T) {
	heard := &alertmanager{firing: map[string]string{}}
	server := httptest.NewServer(heard)
	t.Cleanup(server.Close)
	loki := startLoki(t, server.URL)

	loki.push(t, slices.Concat(
		// 8 of 48: more than 5 % in ten minutes.
		happened(activity.Shopify, activity.Info, 40, time.Minute), happened(activity.Shopify, activity.Error, 8, time.Minute),
		// Half fail, but there are ten. And many failed yesterday: a log file that comes late.
		happened(activity.Actions, activity.Info, 5, time.Minute), happened(activity.Actions, activity.Error, 5, time.Minute),
		happened(activity.Actions, activity.Error, 300, day),
		// 4 of 200, hours ago and now: more than 1 % in six hours.
		happened(activity.ZIS, activity.Info, 196, 3*time.Hour), happened(activity.ZIS, activity.Error, 4, 30*time.Minute),
		// As many, but none for an hour.
		happened(activity.BotBuilder, activity.Info, 196, 3*time.Hour), happened(activity.BotBuilder, activity.Error, 4, 2*time.Hour),
		// A burst; of this product only errors are seen.
		happened(activity.SunshineConversations, activity.Error, 30, time.Minute),
		// Nothing for three days and an hour.
		happened(activity.Webhooks, activity.Info, 50, 3*day+time.Hour),
		// Nothing for two days.
		happened(activity.Salesforce, activity.Info, 50, 3*day+time.Hour), happened(activity.Salesforce, activity.Info, 1, 2*day),
	))

	want := map[string]string{
		"IntegrationErrorRatioFast shopify": "16.67% of the activities of shopify in the last ten minutes failed. More than 5 % is too much.",
		// What fails fast fails slowly too, if there is enough of it: here there is not.
		"IntegrationErrorRatioSlow zis":                "2% of the activities of zis in the last six hours failed. More than 1 % is too much.",
		"IntegrationErrorBurst sunshine-conversations": "sunshine-conversations had 30 errors of the type timeout in five minutes.",
		"IntegrationSilent webhooks": "webhooks has done nothing for three days, and did 50 things in the two days before. " +
			"Or nothing has reached the log since.",
	}
	require.EventuallyWithT(t, func(c *assert.CollectT) { assert.Equal(c, want, heard.heard()) }, time.Minute, 200*time.Millisecond)

	// Each rule is evaluated several times more, and nothing comes after that.
	require.Never(t, func() bool { return len(heard.heard()) != len(want) }, 5*time.Second, 200*time.Millisecond)
	assert.Empty(t, heard.errs)
}
