// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"
)

// resolve reads a configuration as the collector does, environment included.
func resolve(t *testing.T, yaml string) *confmap.Conf {
	t.Helper()
	resolver, err := confmap.NewResolver(confmap.ResolverSettings{
		URIs:              []string{"yaml:" + yaml},
		ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), yamlprovider.NewFactory()},
		DefaultScheme:     "env",
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, resolver.Shutdown(t.Context())) })
	conf, err := resolver.Resolve(t.Context())
	require.NoError(t, err)
	return conf
}

type secretsConfig struct {
	Secrets Secrets `mapstructure:"secrets"`
}

// A secret from the environment has to arrive as it was written, whatever YAML would
// make of it.
func TestSecretFromTheEnvironmentIsTakenAsWritten(t *testing.T) {
	for _, secret := range []string{
		"plain", "123456", "0042", "0x1F", "0o17", "1_000", "1e10", ".5", "true", "no", "null", "~",
		"2026-01-02", "a: b", "{a: b}", "[a]", "{a", "#hash", "a #b", "'quoted'", `"quoted"`, "*star", "&anchor",
		"!tag", "%", "@at", "`tick`", "|", ">", "- a", "a\\nb", "ümläut", "cGxhaW4=", strings.Repeat("9", 64),
	} {
		for _, form := range []string{"secrets: ${env:SECRET}", `secrets: "${env:SECRET}"`, `secrets: ["${env:SECRET}"]`, "secrets: ${SECRET}"} {
			t.Run(fmt.Sprintf("%q/%s", secret, form), func(t *testing.T) {
				t.Setenv("SECRET", secret)
				var config secretsConfig
				require.NoError(t, resolve(t, form).Unmarshal(&config))
				assert.Equal(t, []configopaque.String{configopaque.String(secret)}, config.Secrets.List())
			})
		}
	}
}

func TestSecretsHaveTwoForms(t *testing.T) {
	t.Setenv("ONE", "1")
	t.Setenv("SEVERAL", " 1, two ,\t0x3\n")
	t.Setenv("EMPTY", "")
	tests := map[string][]configopaque.String{
		"secrets: a":                              {"a"},
		"secrets: a,b":                            {"a", "b"},
		"secrets: [a, b]":                         {"a", "b"},
		"secrets: ${env:SEVERAL}":                 {"1", "two", "0x3"},
		`secrets: ["${env:SEVERAL}", c]`:          {"1", "two", "0x3", "c"},
		`secrets: "${env:ONE},2"`:                 {"1", "2"},
		`secrets: ["${env:ONE}", "${env:EMPTY}"]`: {"1", ""},
		"secrets: ${env:EMPTY}":                   nil,
		"secrets: ${env:NOT_SET:-}":               nil,
		"secrets: []":                             nil,
		"secrets:":                                nil,
		"{}":                                      nil,
	}
	for yaml, want := range tests {
		t.Run(yaml, func(t *testing.T) {
			var config secretsConfig
			require.NoError(t, resolve(t, yaml).Unmarshal(&config))
			assert.Equal(t, want, config.Secrets.List())
		})
	}
}

// What YAML has made a number of has lost how it was written.
func TestSecretsThatAreNoStringsAreRefused(t *testing.T) {
	for _, yaml := range []string{"secrets: 4242", "secrets: [4242]", "secrets: true", "secrets: {a: 4242}", "secrets: [[4242]]"} {
		t.Run(yaml, func(t *testing.T) {
			var config secretsConfig
			err := resolve(t, yaml).Unmarshal(&config)
			require.ErrorContains(t, err, "'secrets'")
			assert.NotContains(t, err.Error(), "4242")
		})
	}
}

func TestSecretsAreMasked(t *testing.T) {
	config := secretsConfig{Secrets: "alpha,beta"}
	text, err := json.Marshal(config.Secrets)
	require.NoError(t, err)
	binary, err := config.Secrets.MarshalBinary()
	require.NoError(t, err)
	conf := confmap.New()
	require.NoError(t, conf.Marshal(config))
	for _, printed := range []string{
		fmt.Sprint(config), fmt.Sprintf("%v %+v %#v %s %q", config.Secrets, config, config, config.Secrets, config.Secrets),
		fmt.Sprint(config.Secrets.List()), string(text), string(binary), fmt.Sprint(conf.ToStringMap()),
	} {
		assert.NotContains(t, printed, "alpha")
		assert.NotContains(t, printed, "beta")
		assert.Contains(t, printed, "REDACTED")
	}
}

func TestValidateSecrets(t *testing.T) {
	tests := map[Secrets]string{
		"a":     "",
		"a,b":   "",
		"":      "secrets: at least one is needed",
		"\t,":   "secrets: number 1 is empty",
		"a,":    "secrets: number 2 is empty",
		"a,,b":  "secrets: number 2 is empty",
		"\t":    "secrets: at least one is needed",
		",beta": "secrets: number 1 is empty",
	}
	for secrets, want := range tests {
		t.Run(string(secrets), func(t *testing.T) {
			err := ValidateSecrets("secrets", secrets.List())
			if want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "beta")
		})
	}
}
