// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func service(t *testing.T, name string) *types.ServiceConfig {
	t.Helper()
	found, ok := project(t).Services[name]
	require.True(t, ok, name)
	return &found
}

func parse(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(text, into))
}

// Every product can be switched on, and gateway.yaml gets all that it has no default for.
func TestTheCollectorGetsItsVariables(t *testing.T) {
	collector := service(t, "collector")
	var products struct {
		Products []struct{ Variables, Alternative []string }
	}
	parse(t, config+"/products.yaml", &products)
	require.NotEmpty(t, products.Products)
	for _, product := range products.Products {
		for _, variable := range append(product.Variables, product.Alternative...) {
			assert.Contains(t, collector.Environment, variable)
		}
	}
	text, err := os.ReadFile(config + "/gateway.yaml")
	require.NoError(t, err)
	for _, match := range regexp.MustCompile(`\$\{env:([A-Z0-9_]+)\}`).FindAllStringSubmatch(string(text), -1) {
		assert.Contains(t, collector.Environment, match[1])
	}
	for name := range collector.Environment {
		if name != "GOMEMLIMIT" {
			assert.Contains(t, string(text), "${env:"+name, "gateway.yaml takes %s", name)
		}
	}
}

func TestOneContainerDoesNotGetTheSecretsOfAnother(t *testing.T) {
	p, err := load(t, with(with(needed, "SHOPIFY_WEBHOOK_SECRET", "canary"), "ZENDESK_CLIENT_SECRET", "canary"))
	require.NoError(t, err)
	for name, service := range p.Services {
		for variable, value := range service.Environment {
			assert.False(t, name != "collector" && value != nil && *value == "canary", "%s gets %s", name, variable)
		}
		assert.Empty(t, service.EnvFiles, name)
	}
	collector := p.Services["collector"]
	require.NotNil(t, collector.Environment["SHOPIFY_WEBHOOK_SECRET"])
	assert.Equal(t, "canary", *collector.Environment["SHOPIFY_WEBHOOK_SECRET"])
}

// Grafana takes every JSON file below the provider's directory for a dashboard, so they are
// mounted one by one: all of them, and no other file.
func TestGrafanaFindsTheDashboards(t *testing.T) {
	grafana := service(t, "grafana")
	var provisioned struct {
		Providers []struct{ Options struct{ Path string } }
	}
	parse(t, mounted(grafana, "/etc/grafana/provisioning/dashboards/dashboards.yaml"), &provisioned)
	require.Len(t, provisioned.Providers, 1)
	directory := provisioned.Providers[0].Options.Path

	files, err := filepath.Glob(root + "/dashboards/*.json")
	require.NoError(t, err)
	dashboards := 0
	for _, file := range files {
		var dashboard struct {
			UID    string            `json:"uid"`
			Panels []json.RawMessage `json:"panels"`
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		// tsconfig.json has comments, and is no dashboard either way.
		isDashboard := json.Unmarshal(text, &dashboard) == nil && dashboard.UID != "" && len(dashboard.Panels) > 0
		if isDashboard {
			dashboards++
			assert.Equal(t, filepath.Base(file), filepath.Base(mounted(grafana, directory+"/"+filepath.Base(file))))
		} else {
			assert.Empty(t, mounted(grafana, directory+"/"+filepath.Base(file)))
		}
	}
	assert.Equal(t, 3, dashboards)
	home := *grafana.Environment["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
	assert.Equal(t, "integration-log.json", filepath.Base(mounted(grafana, home)), "it opens on the log")
}

func TestGrafanaLetsNobodyIn(t *testing.T) {
	environment := service(t, "grafana").Environment
	assert.Equal(t, "false", *environment["GF_USERS_ALLOW_SIGN_UP"])
	assert.Equal(t, "false", *environment["GF_AUTH_ANONYMOUS_ENABLED"])
	assert.Equal(t, needed["GF_SECURITY_ADMIN_PASSWORD"], *environment["GF_SECURITY_ADMIN_PASSWORD"])
}

// expansion is a variable that Grafana expands in what is provisioned; $$ is a plain $.
var expansion = regexp.MustCompile(`(?:^|[^$])\$\{?([A-Z][A-Z0-9_]+)\}?`)

func TestGrafanaGetsTheVariablesOfWhatIsProvisioned(t *testing.T) {
	grafana := service(t, "grafana")
	files, err := filepath.Glob(mounted(grafana, "/etc/grafana/provisioning") + "/*/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	expanded := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range expansion.FindAllStringSubmatch(string(text), -1) {
			require.Contains(t, grafana.Environment, match[1], file)
			expanded++
		}
	}
	assert.Positive(t, expanded)
	services := project(t).Services
	for _, variable := range []string{"LOKI_URL", "PROMETHEUS_URL"} {
		host, _, _ := strings.Cut(strings.TrimPrefix(*grafana.Environment[variable], "http://"), ":")
		assert.Contains(t, services, host)
	}
}

// What Prometheus scrapes and tells is there under that name, and its rules are where its
// configuration looks for them.
func TestPrometheusFindsTheOthers(t *testing.T) {
	type statics []struct {
		Targets []string `yaml:"targets"`
	}
	var settings struct {
		RuleFiles []string `yaml:"rule_files"`
		Scrape    []struct {
			Job     string  `yaml:"job_name"`
			Statics statics `yaml:"static_configs"`
		} `yaml:"scrape_configs"`
		Alerting struct {
			Alertmanagers []struct {
				Statics statics `yaml:"static_configs"`
			} `yaml:"alertmanagers"`
		} `yaml:"alerting"`
	}
	prometheus := service(t, "prometheus")
	const own = "/etc/prometheus/prometheus.yaml"
	parse(t, mounted(prometheus, own), &settings)

	found := map[string]string{}
	for _, scrape := range settings.Scrape {
		for _, static := range scrape.Statics {
			for _, target := range static.Targets {
				found[scrape.Job] = target
			}
		}
	}
	assert.Subset(t, found, map[string]string{"integration-log": "collector:9464", "integration-log-collector": "collector:8888", "loki": "loki:3100"})
	require.Len(t, settings.Alerting.Alertmanagers, 1)
	assert.Equal(t, []string{"alertmanager:9093"}, settings.Alerting.Alertmanagers[0].Statics[0].Targets)

	require.NotEmpty(t, settings.RuleFiles)
	for _, pattern := range settings.RuleFiles {
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(filepath.Dir(own), pattern)
		}
		files, err := filepath.Glob(filepath.Join(mounted(prometheus, filepath.Dir(pattern)), filepath.Base(pattern)))
		require.NoError(t, err)
		assert.NotEmpty(t, files, pattern)
	}
}

// Alertmanager posts to what the one variable says.
func TestAlertmanagerReadsTheContactPointFromItsSecret(t *testing.T) {
	alertmanager := service(t, "alertmanager")
	require.Len(t, alertmanager.Secrets, 1)
	secret := alertmanager.Secrets[0]
	assert.Equal(t, "ALERT_WEBHOOK_URL", project(t).Secrets[secret.Source].Environment)

	var settings struct {
		Receivers []struct {
			Webhooks []struct {
				URL     string `yaml:"url"`
				URLFile string `yaml:"url_file"`
			} `yaml:"webhook_configs"`
		} `yaml:"receivers"`
	}
	parse(t, mounted(alertmanager, "/etc/alertmanager/alertmanager.yaml"), &settings)
	found := 0
	for _, receiver := range settings.Receivers {
		for _, webhook := range receiver.Webhooks {
			assert.Empty(t, webhook.URL)
			assert.Equal(t, "/run/secrets/"+secret.Source, webhook.URLFile)
			found++
		}
	}
	assert.Positive(t, found)
}
