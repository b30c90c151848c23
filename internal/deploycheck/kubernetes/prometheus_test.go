// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"path/filepath"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"
)

// Prometheus Operator gets the alerts that Prometheus gets by files.
func TestPrometheusOperatorHasTheAlertsOfPrometheus(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(repository, "config", "prometheus", "rules", "*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var groups []monitoringv1.RuleGroup
	for _, file := range files {
		var rules monitoringv1.PrometheusRuleSpec
		require.NoError(t, yaml.UnmarshalStrict([]byte(readFile(t, file)), &rules))
		groups = append(groups, rules.Groups...)
	}

	rule := named[*monitoringv1.PrometheusRule](t, build(t, "ingress"), "integration-log")

	assert.ElementsMatch(t, groups, rule.Spec.Groups)
}

// Rates of Grafana's panels reckon with this interval, and Prometheus' default is longer.
func TestMetricsAreScrapedAsOftenAsGrafanaIsTold(t *testing.T) {
	var grafana struct {
		Datasources []struct {
			Type     string
			JSONData struct{ TimeInterval monitoringv1.Duration } `json:"jsonData"`
		}
	}
	file := filepath.Join(repository, "config", "grafana", "provisioning", "datasources", "datasources.yaml")
	require.NoError(t, yaml.Unmarshal([]byte(readFile(t, file)), &grafana))
	var want monitoringv1.Duration
	for _, source := range grafana.Datasources {
		if source.Type == "prometheus" {
			want = source.JSONData.TimeInterval
		}
	}
	require.NotEmpty(t, want)

	for _, endpoint := range named[*monitoringv1.ServiceMonitor](t, build(t, "ingress"), "integration-log").Spec.Endpoints {
		assert.Equal(t, want, endpoint.Interval, endpoint.Port)
	}
	type interval struct {
		Interval monitoringv1.Duration `json:"interval"`
	}
	collector := read[struct {
		ServiceMonitor struct {
			Endpoints []interval `json:"metricsEndpoints"`
		} `json:"serviceMonitor"`
	}](t, "config/helm/opentelemetry-collector.values.yaml")
	assert.Equal(t, []interval{{want}, {want}}, collector.ServiceMonitor.Endpoints)
	for _, name := range []string{"loki-ha", "loki-microservices"} {
		loki := read[struct {
			Monitoring struct {
				ServiceMonitor interval `json:"serviceMonitor"`
			} `json:"monitoring"`
		}](t, "config/helm/"+name+".values.yaml")
		assert.Equal(t, interval{want}, loki.Monitoring.ServiceMonitor, name)
	}
}
