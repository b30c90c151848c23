// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package products

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

const twoProducts = `
products:
  - {name: Shopify, receiver: shopify, variables: [SHOPIFY_WEBHOOK_SECRET]}
  - {name: Webhooks, receiver: webhooks/zendesk, variables: [ZENDESK_URL, ZENDESK_CLIENT_ID]}
receivers:
  shopify: {endpoint: "localhost:8700", path: /shopify, tls: {cert_file: "", key_file: ""}}
  webhooks/zendesk: {}
  otlp:
service:
  pipelines:
    logs: {receivers: [shopify, webhooks/zendesk, otlp], exporters: [debug]}
    logs/other: {receivers: [otlp], exporters: [debug]}
`

func convert(t *testing.T, text string, environment map[string]string) (map[string]any, string, error) {
	t.Helper()
	var values map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &values))
	conf := confmap.NewFromStringMap(values)
	var report strings.Builder
	c := &converter{report: &report, lookup: func(variable string) (string, bool) {
		value, ok := environment[variable]
		return value, ok
	}}
	err := c.Convert(t.Context(), conf)
	return conf.ToStringMap(), report.String(), err
}

func receiversOf(t *testing.T, conf map[string]any, pipeline string) any {
	t.Helper()
	return confmap.NewFromStringMap(conf).Get("service::pipelines::" + pipeline + "::receivers")
}

func TestProductsWithoutTheirVariablesAreTakenOut(t *testing.T) {
	for name, tt := range map[string]struct {
		environment map[string]string
		receivers   []any
		report      []string
	}{
		"none": {
			receivers: []any{"otlp"},
			report: []string{
				"Shopify off set SHOPIFY_WEBHOOK_SECRET to switch it on",
				"Webhooks off set ZENDESK_URL and ZENDESK_CLIENT_ID to switch it on",
			},
		},
		"one, and another by half": {
			environment: map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s", "ZENDESK_URL": "https://acme.zendesk.com"},
			receivers:   []any{"shopify", "otlp"},
			report: []string{
				"Shopify on http://localhost:8700/shopify",
				"Webhooks off set ZENDESK_CLIENT_ID to switch it on",
			},
		},
		"empty is not set": {
			environment: map[string]string{"SHOPIFY_WEBHOOK_SECRET": "  "},
			receivers:   []any{"otlp"},
			report: []string{
				"Shopify off set SHOPIFY_WEBHOOK_SECRET to switch it on",
				"Webhooks off set ZENDESK_URL and ZENDESK_CLIENT_ID to switch it on",
			},
		},
		"all": {
			environment: map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s", "ZENDESK_URL": "u", "ZENDESK_CLIENT_ID": "i"},
			receivers:   []any{"shopify", "webhooks/zendesk", "otlp"},
			report:      []string{"Shopify on http://localhost:8700/shopify", "Webhooks on"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			conf, report, err := convert(t, twoProducts, tt.environment)
			require.NoError(t, err)
			assert.Equal(t, tt.receivers, receiversOf(t, conf, "logs"))
			assert.Equal(t, []any{"otlp"}, receiversOf(t, conf, "logs/other"), "other pipelines stay")
			assert.NotContains(t, conf, "products", "the collector knows no such section")
			defined := conf["receivers"].(map[string]any)
			assert.Len(t, defined, len(tt.receivers), "what is off is not defined either")

			var lines []string
			for line := range strings.Lines(report) {
				lines = append(lines, strings.Join(strings.Fields(line), " "))
			}
			assert.Equal(t, tt.report, lines)
		})
	}
}

func TestTLSNeedsACertificate(t *testing.T) {
	environment := map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s"}
	conf, _, err := convert(t, twoProducts, environment)
	require.NoError(t, err)
	assert.NotContains(t, conf["receivers"].(map[string]any)["shopify"], "tls")

	withCert := strings.Replace(twoProducts, `cert_file: ""`, `cert_file: cert.pem`, 1)
	conf, report, err := convert(t, withCert, environment)
	require.NoError(t, err)
	assert.Contains(t, conf["receivers"].(map[string]any)["shopify"], "tls", "half of it is for the collector to complain about")
	assert.Contains(t, report, "https://localhost:8700/shopify")
}

func TestAConfigurationWithoutProductsIsLeftAlone(t *testing.T) {
	text := strings.Replace(twoProducts, "products:\n", "ignored:\n", 1)
	conf, report, err := convert(t, text, nil)
	require.NoError(t, err)
	assert.Empty(t, report)
	assert.Len(t, receiversOf(t, conf, "logs"), 3)
}

func TestMistakesInTheSectionAreNamed(t *testing.T) {
	_, _, err := convert(t, `products: [{name: Shopify, receiver: shopfy, variables: [A]}]`, nil)
	require.ErrorContains(t, err, `product "Shopify" names receiver "shopfy", which is not under receivers`)
	_, _, err = convert(t, `products: [{nme: Shopify}]`, nil)
	require.ErrorContains(t, err, "nme")
}
