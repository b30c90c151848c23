// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
)

// checked runs a check, and returns a line for each step.
func checked(t *testing.T, config *Config) (lines []string) {
	t.Helper()
	Check(config, component.NewDefaultBuildInfo(), func(name string, run func(context.Context) (string, error)) bool {
		found, err := run(t.Context())
		lines = append(lines, fmt.Sprintf("%s: %s%v", name, found, err))
		return err == nil
	})
	return lines
}

func TestCheckOfAnOrganization(t *testing.T) {
	w := newWorld(t, withZendesk)
	lines := checked(t, w.config)
	require.Len(t, lines, 8)
	assert.Contains(t, lines[1], "organization "+w.org.Settings().OrganizationID)
	assert.Contains(t, lines[6], "none of the last 2 days")
	w.org.AddLogFile(salesforce.LogFile{EventType: "Login", LogDate: time.Now().Add(-24 * time.Hour), CreatedDate: time.Now(), Content: salesforce.CSV(salesforce.LoginColumns)})
	lines = checked(t, w.config)
	assert.Contains(t, lines[6], "Login: 1")
	for _, line := range lines {
		assert.True(t, strings.HasSuffix(line, "<nil>"), line)
	}
}

func TestCheckSaysWhatIsWrong(t *testing.T) {
	tests := map[string]struct {
		breakIt func(w *world)
		steps   int
		want    string
	}{
		"nothing set": {func(w *world) { *w.config = *createDefaultConfig().(*Config) }, 1, "login_url: must not be empty"},
		"no key file": {func(w *world) {
			w.config.ClientSecret, w.config.Username, w.config.PrivateKeyFile = "", "a", "missing.pem"
		}, 1, "private_key_file: open missing.pem"},
		"another app":    {func(w *world) { w.config.ClientID = "stranger" }, 3, "check client_id"},
		"another secret": {func(w *world) { w.config.ClientSecret = "guessed" }, 3, "check client_secret"},
		"no Run As user": {func(w *world) { w.org.RefuseTokens(endpoint.Always, salesforce.NoRunAsUser) }, 3, "choose a Run As user"},
		"not approved":   {func(w *world) { w.org.RefuseTokens(endpoint.Always, salesforce.NotAdminApproved) }, 3, "Admin approved users are pre-authorized"},
		"login host":     {func(w *world) { w.org.RefuseTokens(endpoint.Always, salesforce.UnsupportedDomain) }, 3, "My Domain address"},
		"one topic":      {func(w *world) { w.org.PubSub.Forbid(leadTopic, true) }, 8, "View All Records"},
		"log files": {func(w *world) {
			w.org.Inject(endpoint.Fault{Path: salesforce.Queries, Times: endpoint.Always, Answer: salesforce.NotPermitted})
		}, 8, "View Event Log Files"},
		"no API": {func(w *world) {
			w.org.Inject(endpoint.Fault{Path: salesforce.Queries, Times: endpoint.Always, Answer: salesforce.APIDisabled})
		}, 8, "API Enabled"},
		"requests": {func(w *world) {
			w.org.Inject(endpoint.Fault{Path: salesforce.Queries, Times: endpoint.Always, Answer: salesforce.LimitExceeded})
		}, 8, "are used up"},
		"maintenance": {func(w *world) {
			w.org.Inject(endpoint.Fault{Path: salesforce.Queries, Times: endpoint.Always, Answer: salesforce.Maintenance})
		}, 8, "not that of a query"},
		"Zendesk's scope": {func(w *world) { w.config.Confirmation.Zendesk.Scopes = []string{"webhooks:read"} }, 8, "organizations:read and users:read"},
		"Zendesk's app":   {func(w *world) { w.config.Confirmation.Zendesk.ClientID = "stranger" }, 8, "check confirmation::zendesk"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, withZendesk)
			tt.breakIt(w)
			lines := checked(t, w.config)
			assert.Len(t, lines, tt.steps, "%q", lines)
			all := strings.Join(lines, "\n")
			assert.Contains(t, all, tt.want)
			assert.NotContains(t, all, "guessed")
			assert.NotContains(t, all, w.org.Settings().ClientSecret)
		})
	}
}
