// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"testing"
	"time"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

func TestConfig(t *testing.T) {
	const fields = "must be names of letters, digits, dashes and underscores, with dots between them"
	webhooktest.Configs[Config]{
		Section: "entries",
		New:     testFactory().CreateDefaultConfig,
		Valid: map[string]func(*Config){
			"default.yaml":          func(c *Config) { c.Secrets = "the-secret" },
			"secrets_by_comma.yaml": func(c *Config) { c.Secrets = "the-secret, an-older-secret" },
			"all_settings.yaml": func(c *Config) {
				webhooktest.SetAll(&c.Config)
				c.Config.Path = "/hooks/entries"
				c.Config.Timeout = 3 * time.Second
				c.Secrets = "the-secret,an-older-secret"
				c.APIKeyHeader = "X-Log-Key"
				c.IncludeFields = []string{"order.number", "customer-tier", "attempt_1"}
				c.IncludePayload = true
			},
		},
		Invalid: map[string][]string{
			"no_secret.yaml":                {"secrets: at least one is needed; without a secret anybody could write to the log"},
			"empty_secret.yaml":             {"secrets: number 2 is empty; is its environment variable set?"},
			"bad_api_key_header.yaml":       {`api_key_header: "X Log Key" is no name of a header; the default is "X-API-Key"`},
			"bad_api_key_header_empty.yaml": {`api_key_header: "" is no name of a header; the default is "X-API-Key"`},
			"bad_include_fields.yaml": {
				`include_fields: "order number" ` + fields, `include_fields: "order..number" ` + fields, `include_fields: "" ` + fields,
				`include_fields: "fields.order.number" must begin below "fields": "order.number"`,
				`include_fields: "fields" must begin below "fields"`,
			},
			"bad_include_fields_many.yaml": {"include_fields: 33 fields are more than the 32 that there may be"},
			"bad_path.yaml":                {`path: "entries?x=1" must begin with a slash and have neither query nor fragment`},
			"bad_timeout.yaml":             {"timeout: 0s must be longer than 0"},
			"bad_several.yaml": {
				"secrets: at least one is needed", `api_key_header: "a:b" is no name`, `include_fields: "a b" must be`,
				"timeout: -1s must be longer than 0", "deduplication::ttl: 0s must be longer than 0",
			},
		},
		Unreadable: map[string]string{"unknown_setting.yaml": "include_field", "secret_that_is_no_string.yaml": "secrets"},
	}.Check(t)
}
