// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package rulestest

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grafana/grafana-openapi-client-go/models"
	"github.com/grafana/loki/v3/pkg/ruler"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const (
	repository = "../../../.."
	lokiFile   = repository + "/config/loki/rules/fake/integrations.yaml"
	alerting   = repository + "/config/grafana/alerting/"
)

// prometheusRules returns all alerts of Prometheus by name.
func prometheusRules(t *testing.T) map[string]rulefmt.Rule {
	t.Helper()
	files, err := filepath.Glob(repository + "/config/prometheus/rules/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	alerts := map[string]rulefmt.Rule{}
	for _, file := range files {
		groups, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, parser.NewParser(parser.Options{}), nil)
		require.Empty(t, errs, file)
		collect(t, alerts, groups.Groups)
	}
	return alerts
}

// lokiRules returns all alerts of Loki's ruler by name, loaded as the ruler loads them.
func lokiRules(t *testing.T) map[string]rulefmt.Rule {
	t.Helper()
	groups, errs := ruler.GroupLoader{}.Load(lokiFile, false, model.UTF8Validation)
	require.Empty(t, errs)
	require.Empty(t, ruler.ValidateGroups(groups.Groups...))
	alerts := map[string]rulefmt.Rule{}
	collect(t, alerts, groups.Groups)
	return alerts
}

func collect(t *testing.T, alerts map[string]rulefmt.Rule, groups []rulefmt.RuleGroup) {
	t.Helper()
	for _, group := range groups {
		for _, rule := range group.Rules {
			if rule.Alert != "" {
				require.NotContains(t, alerts, rule.Alert)
				alerts[rule.Alert] = rule
			}
		}
	}
}

// grafanaFile returns what Grafana is to provision. A field that Grafana does not know fails the test.
func grafanaFile(t *testing.T, name string) models.AlertingFileExport {
	t.Helper()
	text, err := os.ReadFile(alerting + name)
	require.NoError(t, err)
	var content any
	require.NoError(t, yaml.Unmarshal(text, &content))
	// Grafana's types have names for JSON alone.
	document, err := json.Marshal(content)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.DisallowUnknownFields()
	var file models.AlertingFileExport
	require.NoError(t, decoder.Decode(&file), name)
	require.EqualValues(t, 1, file.APIVersion)
	return file
}

// grafanaRules returns the alerts of a file by title.
func grafanaRules(t *testing.T, source string) map[string]*models.AlertRuleExport {
	t.Helper()
	alerts := map[string]*models.AlertRuleExport{}
	for _, group := range grafanaFile(t, source+"/rules.yaml").Groups {
		require.EqualValues(t, 1, group.OrgID)
		require.Equal(t, "Integrations", group.Folder)
		for _, rule := range group.Rules {
			require.NotContains(t, alerts, rule.Title)
			alerts[rule.Title] = rule
		}
	}
	return alerts
}

// pages returns the names of all runbooks; README.md is their overview.
func pages(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(repository + "/docs/runbooks/*.md")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".md"); name != "README" {
			names = append(names, name)
		}
	}
	return names
}
