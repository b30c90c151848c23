// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/yamlprovider"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/metadata"
)

func loadConfig(t *testing.T, file string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config", file+".yaml"))
	require.NoError(t, err)
	sub, err := conf.Sub(metadata.Type.String())
	require.NoError(t, err)
	config := createDefaultConfig().(*Config)
	return config, sub.Unmarshal(config)
}

func TestConfig(t *testing.T) {
	tests := map[string]func(*Config){
		"default": func(*Config) {},
		"from_environment": func(c *Config) {
			c.IntegrationUsers = []string{"005Kj0000000007", " 005Kj0000000008IAA"}
			c.ChangeDataCapture.MappedFields = map[string][]string{"Account": {"Name, BillingCity,Region__c"}, "Contact": {"Name", "Email"}, "Lead": {""}}
		},
		"key": func(c *Config) {
			c.ClientSecret, c.Username, c.PrivateKeyFile = "", "integration@acme.example", "/etc/integrationlog/salesforce.pem"
		},
		"all_settings": func(c *Config) {
			c.InstanceURL, c.Audience = "https://acme.my.salesforce.mil", "https://test.salesforce.com"
			c.OrganizationID, c.APIVersion = "00DKj0000000001MAA", "v67.0"
			c.TLS.CAFile, c.Timeout, c.Storage = "/etc/ssl/proxy.crt", 10*time.Second, &storageID
			c.ChangeDataCapture = ChangeDataCaptureConfig{
				Enabled: true, Endpoint: "api.deu.pubsub.salesforce.com:443", Topics: []string{"/data/Zendesk__chn"}, Start: startLatest,
				CaseOrigins: []string{"com/salesforce/api/rest/*"}, MappedFields: map[string][]string{"Account": {"Name", "BillingCity"}},
				OutcomeFields: OutcomeFieldsConfig{Status: "Sync__c", Message: "Result__c"}, TicketField: "Ticket__c",
			}
			c.EventLogFiles = EventLogFilesConfig{PollInterval: 5 * time.Minute, Lookback: 24 * time.Hour}
			c.Confirmation.Timeout = 30 * time.Minute
			z := &c.Confirmation.Zendesk
			z.Endpoint, z.ClientID, z.ClientSecret, z.Scopes = "https://acme.zendesk.com", "integration_log", "the-secret", []string{"read"}
			z.TLS.CAFile = "/etc/ssl/proxy.crt"
		},
	}
	for file, change := range tests {
		t.Run(file, func(t *testing.T) {
			config, err := loadConfig(t, file)
			require.NoError(t, err)
			require.NoError(t, confmap.Validate(config))
			want := createDefaultConfig().(*Config)
			want.LoginURL, want.ClientID, want.ClientSecret = "https://acme.my.salesforce.com", "3MVG9.key", "the-secret"
			want.IntegrationUsers = []string{"005Kj0000000007"}
			change(want)
			assert.Equal(t, want, config)
		})
	}
}

// TestConfigErrors wants each error once, with the name of the setting.
func TestConfigErrors(t *testing.T) {
	tests := map[string][]string{
		"both_credentials":   {"client_secret: a secret and a key are given"},
		"no_credentials":     {"client_secret: is missing"},
		"no_username":        {"username: is missing"},
		"no_key":             {"private_key_file: is missing"},
		"no_users":           {"integration_users: are missing; the calls"},
		"no_users_for_cases": {"integration_users: are missing; without them and change_data_capture::case_origins no case"},
		"no_source":          {"change_data_capture::enabled and event_log_files::enabled: one of them must be true"},
		"no_topics":          {"change_data_capture::topics: must not be empty"},
		"no_zendesk_id":      {"confirmation::zendesk::client_id: is missing"},
		"several_errors": {
			"login_url: \"http://acme.my.salesforce.com\" must begin with https://", "instance_url: ", "client_id: is missing; it is the consumer key",
			"organization_id: \"001\" is no id", "api_version: \"66\" is no version", "timeout: 0s must be", "integration_users: \"jane@example.com\" is no id", "tls: insecure",
			"change_data_capture::endpoint: endpoint \"api.pubsub.salesforce.com:7443\" is not on this machine", "change_data_capture::start: \"now\"",
			"change_data_capture::topics: \"Account\" is no topic", "change_data_capture::topics: /data/LeadChangeEvent is there twice",
			"change_data_capture::topics: /data/ChangeEvents has the events of the other topics too", "change_data_capture::case_origins: one of them is empty",
			"change_data_capture::mapped_fields::Account: \"Name;Phone\" is no name of a field",
			"event_log_files::poll_interval: 1s must be", "event_log_files::lookback: 169h0m0s must be", "confirmation::timeout: 1s must be",
			"confirmation::zendesk::endpoint: must not be empty", "confirmation::zendesk::client_secret: is missing",
		},
	}
	for file, wants := range tests {
		t.Run(file, func(t *testing.T) {
			config, err := loadConfig(t, file)
			require.NoError(t, err)
			got := confmap.Validate(config)
			require.Error(t, got)
			for _, want := range wants {
				assert.Equal(t, 1, strings.Count(got.Error(), want), "%s in\n%v", want, got)
			}
			assert.NotContains(t, got.Error(), "the-secret")
		})
	}
	t.Run("unknown_setting", func(t *testing.T) {
		_, err := loadConfig(t, "unknown_setting")
		require.ErrorContains(t, err, "topics")
	})
}

// Ids and secrets of digits stay as they are, wherever they come from.
func TestFromTheEnvironment(t *testing.T) {
	for _, secret := range []string{"0123", "1e10", "null", "true", "1234567890123456", "~", "a: b", "[x]", "#x"} {
		t.Setenv("SALESFORCE_SECRET_OF_TEST", secret)
		t.Setenv("SALESFORCE_USERS_OF_TEST", "005000000000001")
		resolver, err := confmap.NewResolver(confmap.ResolverSettings{
			URIs: []string{"yaml:{login_url: https://acme.my.salesforce.com, client_id: x, client_secret: '${env:SALESFORCE_SECRET_OF_TEST}', " +
				"integration_users: ['${env:SALESFORCE_USERS_OF_TEST}']}"},
			ProviderFactories: []confmap.ProviderFactory{envprovider.NewFactory(), yamlprovider.NewFactory()},
		})
		require.NoError(t, err)
		conf, err := resolver.Resolve(t.Context())
		require.NoError(t, err)
		config := createDefaultConfig().(*Config)
		require.NoError(t, conf.Unmarshal(config), secret)
		assert.Equal(t, secret, string(config.ClientSecret))
		assert.Equal(t, []string{"005000000000001"}, config.users())
	}
}

// A variable has several fields, or none.
func TestMappedFieldsOfOneText(t *testing.T) {
	config, err := loadConfig(t, "from_environment")
	require.NoError(t, err)
	assert.Equal(t, map[string][]string{"Account": {"Name", "BillingCity", "Region__c"}, "Contact": {"Name", "Email"}}, config.ChangeDataCapture.mapped())
}

// TestSecretsAreNotShown covers print-config, which marshals the configuration, and
// whoever prints it.
func TestSecretsAreNotShown(t *testing.T) {
	config, err := loadConfig(t, "all_settings")
	require.NoError(t, err)
	conf := confmap.New()
	require.NoError(t, conf.Marshal(config))
	for _, shown := range []string{fmt.Sprint(conf.ToStringMap()), fmt.Sprintf("%v %+v %#v", config, config, config)} {
		assert.NotContains(t, shown, "the-secret")
	}
}

// An address alone, as another receiver has it, switches nothing on.
func TestConfirmationIsOffWithoutAClient(t *testing.T) {
	config, err := loadConfig(t, "default")
	require.NoError(t, err)
	config.Confirmation.Zendesk.Endpoint = "https://acme.zendesk.com"
	require.NoError(t, config.Validate())
	assert.False(t, config.confirms())
	config.Confirmation.Zendesk.ClientID, config.Confirmation.Zendesk.ClientSecret = "x", "y"
	assert.True(t, config.confirms())
	config.Confirmation.Enabled = false
	assert.False(t, config.confirms())
}
