// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package check

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/zendesk"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver"
)

// fakeLoki stores what is pushed, by rules that a test can break. The end-to-end
// tests run the check against the real one.
type fakeLoki struct {
	tenant    string
	labels    map[string]string
	hideLate  bool
	keepTwins bool
	config    string
	noDelete  bool
	noReady   bool
	empty     bool

	mu      sync.Mutex
	entries []time.Time
	hidden  string
}

func healthyLoki() *fakeLoki {
	return &fakeLoki{
		labels: map[string]string{"product": "integrationlog-check", "status": "debug", "service_name": "integrationlog-check", "service_namespace": "integrations"},
		config: "compactor: {retention_enabled: true}\nlimits_config: {retention_period: 1w}\n",
	}
}

func (f *fakeLoki) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.URL.Path != "/ready" && f.tenant != r.Header.Get("X-Scope-OrgID") {
		http.Error(w, "no org id", http.StatusUnauthorized)
		return
	}
	switch r.URL.Path {
	case "/ready":
		if f.noReady {
			http.NotFound(w, r)
		}
	case "/otlp/v1/logs":
		f.push(r)
		w.WriteHeader(http.StatusNoContent)
	case "/loki/api/v1/query_range":
		f.query(w, r)
	case "/loki/api/v1/series":
		answer(w, map[string]any{"data": []any{f.labels}})
	case "/config":
		if f.config == "" {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, f.config)
	case "/loki/api/v1/delete":
		if f.noDelete {
			http.Error(w, "deletion is not available", http.StatusForbidden)
			return
		}
		end, _ := strconv.ParseInt(r.URL.Query().Get("end"), 10, 64)
		if end > time.Now().Unix() {
			http.Error(w, "deletes in the future are not allowed", http.StatusBadRequest)
			return
		}
		for _, at := range f.entries {
			if at.Unix() >= end {
				http.Error(w, "a record is left out", http.StatusBadRequest)
				return
			}
		}
		f.hidden = r.URL.Query().Get("query")
		w.WriteHeader(http.StatusNoContent)
	default:
		http.NotFound(w, r)
	}
}

func answer(w http.ResponseWriter, result map[string]any) {
	text, err := json.Marshal(result)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = w.Write(text)
}

func (f *fakeLoki) push(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	request := plogotlp.NewExportRequest()
	if request.UnmarshalProto(body) != nil {
		return
	}
	records := request.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	for i := range records.Len() {
		at := records.At(i).Timestamp().AsTime()
		known := false
		for _, entry := range f.entries {
			known = known || entry.Equal(at)
		}
		if !known || f.keepTwins {
			f.entries = append(f.entries, at)
		}
	}
}

func (f *fakeLoki) query(w http.ResponseWriter, r *http.Request) {
	start, _ := strconv.ParseInt(r.URL.Query().Get("start"), 10, 64)
	end, _ := strconv.ParseInt(r.URL.Query().Get("end"), 10, 64)
	values := [][2]string{}
	if strings.Contains(r.URL.Query().Get("query"), "product!=") {
		result := []any{map[string]any{"stream": map[string]string{"product": "shopify"}, "values": [][2]string{{"1", "line"}}}}
		if f.empty {
			result = nil
		}
		answer(w, map[string]any{"data": map[string]any{"result": result}})
		return
	}
	byProduct := f.labels["product"] != "" && strings.Contains(r.URL.Query().Get("query"), `product="integrationlog-check"`)
	for _, at := range f.entries {
		late := time.Since(at) > 161*time.Minute
		if byProduct && at.UnixNano() >= start && at.UnixNano() < end && !(late && f.hideLate) {
			values = append(values, [2]string{strconv.FormatInt(at.UnixNano(), 10), "line"})
		}
	}
	answer(w, map[string]any{"data": map[string]any{"result": []any{map[string]any{"stream": f.labels, "values": values}}}})
}

func retention(period string) string {
	return "compactor: {retention_enabled: true}\nlimits_config: {retention_period: " + period + "}\n"
}

func run(t *testing.T, loki *fakeLoki) (string, error) {
	t.Helper()
	server := httptest.NewServer(loki)
	t.Cleanup(server.Close)
	var out strings.Builder
	err := Run(t.Context(), Settings{
		Loki: Loki{URL: server.URL, Client: server.Client()}, Retention: 168 * time.Hour, Patience: 300 * time.Millisecond,
	}, &out)
	return out.String(), err
}

func TestAHealthyLokiPasses(t *testing.T) {
	loki := healthyLoki()
	out, err := run(t, loki)
	require.NoError(t, err, out)
	assert.Equal(t, 10, strings.Count(out, "ok "), out)
	assert.Contains(t, loki.hidden, "activity_id", "only this check's own records are hidden")
	assert.Contains(t, out, "skipped  Zendesk's webhooks")
	assert.Contains(t, out, "skipped  Salesforce")
}

func TestSalesforceIsTriedToo(t *testing.T) {
	org, err := salesforce.Start(salesforce.Settings{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, org.Close()) })
	loki := httptest.NewServer(healthyLoki())
	t.Cleanup(loki.Close)
	config := salesforcereceiver.NewFactory().CreateDefaultConfig().(*salesforcereceiver.Config)
	config.LoginURL, config.ClientID, config.ClientSecret = org.URL, org.Settings().ClientID, configopaque.String(org.Settings().ClientSecret)
	config.IntegrationUsers = []string{org.Settings().UserID}
	config.ChangeDataCapture.Endpoint = "http://" + org.PubSub.Address
	settings := Settings{
		Loki: Loki{URL: loki.URL, Client: loki.Client()}, Retention: 168 * time.Hour, Patience: 300 * time.Millisecond, Salesforce: config,
	}

	var out strings.Builder
	require.NoError(t, Run(t.Context(), settings, &out), out.String())
	assert.Contains(t, out.String(), "ok       Salesforce gives a token to the app (organization "+org.Settings().OrganizationID+")")
	assert.Contains(t, out.String(), "ok       /data/CaseChangeEvent can be subscribed")

	org.PubSub.Forbid("/data/LeadChangeEvent", true)
	out.Reset()
	require.ErrorIs(t, Run(t.Context(), settings, &out), ErrFailed)
	assert.Contains(t, out.String(), "FAILED   /data/LeadChangeEvent can be subscribed: can_subscribe is false")
	assert.Contains(t, out.String(), "login_url is SALESFORCE_LOGIN_URL")
}

func TestWhatIsWrongIsSaidWithItsCure(t *testing.T) {
	for name, tt := range map[string]struct {
		breakIt func(*fakeLoki)
		want    []string
	}{
		"tenant":             {func(f *fakeLoki) { f.tenant = "acme" }, []string{"401", "set LOKI_TENANT"}},
		"product no label":   {func(f *fakeLoki) { delete(f.labels, "product") }, []string{"must be index labels", "otlp_config"}},
		"replica as a label": {func(f *fakeLoki) { f.labels["service_instance_id"] = "a" }, []string{"service_instance_id", "ignore_defaults"}},
		"late data hidden":   {func(f *fakeLoki) { f.hideLate = true }, []string{"2 of 4 records", "query_store_max_look_back_period"}},
		"twins stored":       {func(f *fakeLoki) { f.keepTwins = true }, []string{"8 records are there instead of 4", "shard_streams"}},
		"no retention":       {func(f *fakeLoki) { f.config = "compactor: {}" }, []string{"retention_enabled is false"}},
		"kept for ever":      {func(f *fakeLoki) { f.config = retention("0s") }, []string{"retention_period is 0"}},
		"kept for a day":     {func(f *fakeLoki) { f.config = retention("1d") }, []string{"retention_period is 1d and should be 168h"}},
		"kept for a month":   {func(f *fakeLoki) { f.config = retention("744h") }, []string{"retention_period is 744h and should be 168h"}},
	} {
		t.Run(name, func(t *testing.T) {
			loki := healthyLoki()
			tt.breakIt(loki)
			out, err := run(t, loki)
			require.ErrorIs(t, err, ErrFailed)
			assert.Contains(t, out, "FAILED")
			for _, want := range tt.want {
				assert.Contains(t, out, want)
			}
		})
	}
}

func TestWhatCannotBeFoundOutIsNoFailure(t *testing.T) {
	loki := healthyLoki()
	loki.config, loki.noDelete, loki.noReady, loki.empty = "", true, true, true
	out, err := run(t, loki)
	require.NoError(t, err, out)
	assert.Equal(t, 4, strings.Count(out, "unknown "), out)
	assert.Contains(t, out, "has no record of any product")
}

func TestZendeskIsTriedToo(t *testing.T) {
	account, err := zendesk.Start(zendesk.Settings{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, account.Close()) })
	account.AddTraffic(account.AddWebhook(zendesk.Webhook{Name: "Notify ERP"}), 3, time.Now(), time.Second)
	loki := httptest.NewServer(healthyLoki())
	t.Cleanup(loki.Close)
	config := webhooksreceiver.NewFactory().CreateDefaultConfig().(*webhooksreceiver.Config)
	config.Endpoint = account.URL
	config.ClientID, config.ClientSecret = account.Settings().ClientID, configopaque.String(account.Settings().ClientSecret)
	settings := Settings{
		Loki: Loki{URL: loki.URL, Client: loki.Client()}, Retention: 168 * time.Hour, Patience: 300 * time.Millisecond,
		Zendesk: config, Build: component.BuildInfo{Command: "integrationlog", Version: "1.2.3"},
	}

	var out strings.Builder
	require.NoError(t, Run(t.Context(), settings, &out), out.String())
	assert.Equal(t, 14, strings.Count(out.String(), "ok       "), out.String())
	assert.Contains(t, out.String(), "has 3 in the last 7 days")
	assert.Equal(t, "integrationlog/1.2.3", account.Requests("/invocations")[0].Header.Get("User-Agent"))

	out.Reset()
	config.ClientSecret = "guessed"
	require.ErrorIs(t, Run(t.Context(), settings, &out), ErrFailed)
	assert.Contains(t, out.String(), "FAILED   Zendesk gives a token to the OAuth client: no token: the token endpoint answered 401")
	assert.Contains(t, out.String(), "client_id is ZENDESK_CLIENT_ID")
	assert.NotContains(t, out.String(), "guessed")

	out.Reset()
	settings.Loki.URL, config.ClientSecret = "http://127.0.0.1:1", configopaque.String(account.Settings().ClientSecret)
	require.ErrorIs(t, Run(t.Context(), settings, &out), ErrFailed)
	assert.Contains(t, out.String(), "has 3 in the last 7 days", "a Loki that is not there is no reason not to try")
}

func TestALokiThatIsNotThere(t *testing.T) {
	var out strings.Builder
	err := Run(t.Context(), Settings{Loki: Loki{URL: "http://127.0.0.1:1", Client: http.DefaultClient}}, &out)
	require.ErrorIs(t, err, ErrFailed)
	assert.Contains(t, out.String(), "is it running")
}
