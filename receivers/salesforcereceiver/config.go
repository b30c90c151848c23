// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
)

// Where the first subscription of a topic begins.
const (
	startEarliest = "earliest"
	startLatest   = "latest"
)

// Config configures the receiver.
type Config struct {
	// LoginURL is the organization's My Domain address, such as
	// https://acme.my.salesforce.com.
	LoginURL string `mapstructure:"login_url"`

	// InstanceURL is where the API is, if that is another address than LoginURL.
	// Credentials go to these two and to no other host.
	InstanceURL string `mapstructure:"instance_url"`

	// ClientID is the consumer key of an external client app. It proves itself with
	// ClientSecret, or with a key for a user: Username and PrivateKeyFile.
	ClientID       string              `mapstructure:"client_id"`
	ClientSecret   configopaque.String `mapstructure:"client_secret"`
	Username       string              `mapstructure:"username"`
	PrivateKeyFile string              `mapstructure:"private_key_file"`

	// Audience is whom the assertion is for that the key signs.
	Audience string `mapstructure:"audience"`

	// OrganizationID is the organization's; Salesforce tells it with the token.
	OrganizationID string `mapstructure:"organization_id"`

	// APIVersion is that of the REST API, such as v66.0.
	APIVersion string `mapstructure:"api_version"`

	// IntegrationUsers are the ids of the users as whom Zendesk's integration works.
	IntegrationUsers []string `mapstructure:"integration_users"`

	// TLS is for an organization that is reached through a proxy with a certificate of
	// its own.
	TLS configtls.ClientConfig `mapstructure:"tls"`

	// Timeout is how long a vendor may be silent while it answers a request.
	Timeout time.Duration `mapstructure:"timeout"`

	// Storage is the storage extension that keeps how far was read. Without it a restart
	// begins as at the first start.
	Storage *component.ID `mapstructure:"storage"`

	ChangeDataCapture ChangeDataCaptureConfig `mapstructure:"change_data_capture"`
	EventLogFiles     EventLogFilesConfig     `mapstructure:"event_log_files"`
	Confirmation      ConfirmationConfig      `mapstructure:"confirmation"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// ChangeDataCaptureConfig configures the reading of change events.
type ChangeDataCaptureConfig struct {
	Enabled bool `mapstructure:"enabled"`

	// Endpoint is that of the Pub/Sub API, host and port; http:// before it leaves out
	// encryption, which is for this machine itself only.
	Endpoint string `mapstructure:"endpoint"`

	// Topics are what is subscribed: topics of single objects, or channels.
	Topics []string `mapstructure:"topics"`

	// Start is where the very first subscription begins: with the earliest event that
	// Salesforce still has, or with the latest.
	Start string `mapstructure:"start"`

	// CaseOrigins are patterns of where the integration's changes of cases come from, in
	// which an asterisk stands for anything.
	CaseOrigins []string `mapstructure:"case_origins"`

	// MappedFields are, for each object, the fields that are synchronised; one text may have
	// several, with commas. Where an object has none, every change of it counts.
	MappedFields map[string][]string `mapstructure:"mapped_fields"`

	// OutcomeFields are those into which Zendesk's package writes what became of a record.
	OutcomeFields OutcomeFieldsConfig `mapstructure:"outcome_fields"`

	// TicketField is the field of a case that holds the number of its ticket.
	TicketField string `mapstructure:"ticket_field"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// OutcomeFieldsConfig names the fields that hold an outcome.
type OutcomeFieldsConfig struct {
	Status  string `mapstructure:"status"`
	Message string `mapstructure:"message"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// EventLogFilesConfig configures the reading of event log files.
type EventLogFilesConfig struct {
	Enabled bool `mapstructure:"enabled"`

	// PollInterval is the time between two polls.
	PollInterval time.Duration `mapstructure:"poll_interval"`

	// Lookback is how far the log reaches back; older calls are not logged.
	Lookback time.Duration `mapstructure:"lookback"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var (
	_ component.Config  = (*Config)(nil)
	_ confmap.Validator = (*Config)(nil)
)

func createDefaultConfig() component.Config {
	return &Config{
		Audience:   "https://login.salesforce.com",
		APIVersion: eventlogfile.DefaultVersion,
		TLS:        configtls.NewDefaultClientConfig(),
		Timeout:    30 * time.Second,
		ChangeDataCapture: ChangeDataCaptureConfig{
			Enabled:  true,
			Endpoint: pubsub.DefaultEndpoint,
			Topics:   []string{"/data/CaseChangeEvent", "/data/AccountChangeEvent", "/data/ContactChangeEvent", "/data/LeadChangeEvent"},
			Start:    startEarliest,
			OutcomeFields: OutcomeFieldsConfig{
				Status: cdcrecord.DefaultOutcomeStatusField, Message: cdcrecord.DefaultOutcomeMessageField,
			},
		},
		EventLogFiles: EventLogFilesConfig{Enabled: true, PollInterval: 15 * time.Minute, Lookback: eventlogfile.DefaultLookback},
		Confirmation: ConfirmationConfig{
			Enabled: true,
			Timeout: confirmation.DefaultTimeout,
			Zendesk: ZendeskConfig{
				// the narrowest scopes that there are for looking records up
				// Source: https://support.zendesk.com/hc/en-us/articles/4408845965210
				Scopes: []string{"organizations:read", "users:read"},
				TLS:    configtls.NewDefaultClientConfig(),
			},
		},
	}
}

// users returns the ids of the integration's users.
func (c *Config) users() []string { return parts(c.IntegrationUsers) }

// mapped returns the fields that are synchronised, of those objects that have any.
func (c *ChangeDataCaptureConfig) mapped() map[string][]string {
	mapped := map[string][]string{}
	for object, texts := range c.MappedFields {
		if fields := parts(texts); len(fields) > 0 {
			mapped[object] = fields
		}
	}
	return mapped
}

// parts takes texts apart each of which may have several, as an environment variable has.
func parts(texts []string) []string {
	return strings.FieldsFunc(strings.Join(texts, ","), func(r rune) bool { return r == ',' || r == ' ' || r == '\n' || r == '\t' })
}

// confirms tells whether Zendesk is asked.
func (c *Config) confirms() bool {
	return c.Confirmation.Enabled && c.ChangeDataCapture.Enabled && c.Confirmation.Zendesk.hasClient()
}

func (z *ZendeskConfig) hasClient() bool { return given(z.ClientID) || given(string(z.ClientSecret)) }

// usesKey tells whether the client proves itself with a key.
func (c *Config) usesKey() bool { return !given(string(c.ClientSecret)) }

func given(text string) bool { return strings.TrimSpace(text) != "" }
