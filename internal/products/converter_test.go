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

func TestOneOfTwoSetsOfVariablesIsEnough(t *testing.T) {
	text := strings.Replace(twoProducts, "[ZENDESK_URL, ZENDESK_CLIENT_ID]", "[ZENDESK_URL, ID, SECRET], alternative: [ZENDESK_URL, EMAIL, TOKEN]", 1)
	text = strings.Replace(text, "webhooks/zendesk: {}", `webhooks/zendesk: {endpoint: "https://me:canary@acme.zendesk.com"}`, 1)
	const on = "on https://acme.zendesk.com"
	for set, want := range map[string]string{
		"":                            "off set ZENDESK_URL and ID and SECRET to switch it on",
		"ZENDESK_URL":                 "off set ID and SECRET to switch it on",
		"ZENDESK_URL ID":              "off set SECRET to switch it on",
		"ZENDESK_URL EMAIL":           "off set TOKEN to switch it on",
		"ZENDESK_URL ID EMAIL":        "off set SECRET to switch it on",
		"EMAIL TOKEN":                 "off set ZENDESK_URL to switch it on",
		"ZENDESK_URL ID SECRET":       on,
		"ZENDESK_URL EMAIL TOKEN":     on,
		"ZENDESK_URL ID SECRET EMAIL": on,
	} {
		environment := map[string]string{}
		for variable := range strings.FieldsSeq(set) {
			environment[variable] = "x"
		}
		conf, report, err := convert(t, text, environment)
		require.NoError(t, err)
		assert.Contains(t, strings.Join(strings.Fields(report), " "), "Webhooks "+want, set)
		assert.NotContains(t, report, "canary")
		_, defined := conf["receivers"].(map[string]any)["webhooks/zendesk"]
		assert.Equal(t, want == on, defined, set)
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

func TestMetricsKnowWhichProductsAreOn(t *testing.T) {
	text := strings.NewReplacer("{name: Shopify, ", "{name: Shopify, product: shopify, ", "{name: Webhooks, ", "{name: Webhooks, product: webhooks, ").Replace(twoProducts) + `
exporters:
  debug: {verbosity: basic}
  activity_metrics:
  activity_metrics/named: {endpoint: "localhost:1", products: [webhooks, my-crm, shopify]}
`
	for name, tt := range map[string]struct {
		environment map[string]string
		on, named   []any
	}{
		"none": {on: nil, named: []any{"my-crm"}},
		"one":  {environment: map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s"}, on: []any{"shopify"}, named: []any{"my-crm", "shopify"}},
		"all": {
			environment: map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s", "ZENDESK_URL": "u", "ZENDESK_CLIENT_ID": "i"},
			on:          []any{"shopify", "webhooks"}, named: []any{"webhooks", "my-crm", "shopify"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			conf, _, err := convert(t, text, tt.environment)
			require.NoError(t, err)
			exporters := conf["exporters"].(map[string]any)
			assert.Equal(t, map[string]any{"verbosity": "basic"}, exporters["debug"])
			assert.Equal(t, map[string]any{"endpoint": "localhost:1", "products": tt.named}, exporters["activity_metrics/named"])
			filled := exporters["activity_metrics"].(map[string]any)
			assert.ElementsMatch(t, tt.on, filled["products"])
		})
	}
}

func TestAProductWithoutASlugIsNoneOfTheMetrics(t *testing.T) {
	conf, _, err := convert(t, twoProducts+"exporters: {activity_metrics: {endpoint: e}}", map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s"})
	require.NoError(t, err)
	filled := conf["exporters"].(map[string]any)["activity_metrics"].(map[string]any)
	assert.Empty(t, filled["products"])
	assert.Equal(t, "e", filled["endpoint"])
}

func TestAPageKnowsWhatIsOff(t *testing.T) {
	text := strings.NewReplacer("{name: Shopify, ", "{name: Shopify, product: shopify, ", "{name: Webhooks, ", "{name: Webhooks, product: webhooks, ").Replace(twoProducts)
	text = strings.Replace(text, "service:\n", "service:\n  extensions: [log_page, log_page/own, other]\n", 1) + `
extensions:
  log_page: {endpoint: "localhost:8080"}
  log_page/own: {endpoint: "log.example.com:443", tls: {cert_file: c}, products_off: {shopify: [A]}}
  log_page/unused:
  other:
`
	conf, report, err := convert(t, text, map[string]string{"ZENDESK_URL": "u"})
	require.NoError(t, err)
	extensions := conf["extensions"].(map[string]any)
	assert.Equal(t, map[string]any{
		"endpoint":     "localhost:8080",
		"products_off": map[string]any{"shopify": []any{"SHOPIFY_WEBHOOK_SECRET"}, "webhooks": []any{"ZENDESK_CLIENT_ID"}},
	}, extensions["log_page"])
	assert.Equal(t, map[string]any{"shopify": []any{"A"}}, extensions["log_page/own"].(map[string]any)["products_off"], "what is said stays")
	assert.Nil(t, extensions["log_page/unused"])
	assert.Contains(t, report, "Log page  on   http://localhost:8080\n")
	assert.Contains(t, report, "Log page  on   https://log.example.com:443\n")

	conf, _, err = convert(t, text, map[string]string{"SHOPIFY_WEBHOOK_SECRET": "s", "ZENDESK_URL": "u", "ZENDESK_CLIENT_ID": "i"})
	require.NoError(t, err)
	assert.NotContains(t, conf["extensions"].(map[string]any)["log_page"], "products_off")
}

func TestAnOptionalLoginWithoutUsersIsTakenOut(t *testing.T) {
	const text = `
products: []
extensions:
  log_page: {endpoint: "0.0.0.0:8080", auth: {authenticator: basicauth/ID}}
  basicauth/ID: {htpasswd: {file: USERS}}
service:
  extensions: [basicauth/ID, log_page]
`
	for name, tt := range map[string]struct {
		id, users string
		gone      bool
	}{
		"without users":          {"optional", `""`, true},
		"with users":             {"optional", "/etc/users", false},
		"one that is not so":     {"page", `""`, false},
		"the same with its file": {"page", "/etc/users", false},
	} {
		t.Run(name, func(t *testing.T) {
			conf, _, err := convert(t, strings.NewReplacer("ID", tt.id, "USERS", tt.users).Replace(text), nil)
			require.NoError(t, err)
			extensions := conf["extensions"].(map[string]any)
			if tt.gone {
				assert.Equal(t, map[string]any{"log_page": map[string]any{"endpoint": "0.0.0.0:8080"}}, extensions, "the page refuses to be opened so")
				assert.Equal(t, []any{"log_page"}, conf["service"].(map[string]any)["extensions"])
				return
			}
			assert.Contains(t, extensions["log_page"], "auth")
			assert.Contains(t, extensions, "basicauth/"+tt.id)
			assert.Equal(t, []any{"basicauth/" + tt.id, "log_page"}, conf["service"].(map[string]any)["extensions"])
		})
	}
}
