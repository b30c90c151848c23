// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver"

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"
)

// minInterval keeps a mistake from using up what Zendesk allows.
const minInterval = 10 * time.Second

// Config configures the receiver.
type Config struct {
	// Endpoint is the address of the Zendesk account, such as https://acme.zendesk.com.
	Endpoint string `mapstructure:"endpoint"`

	// TLS is for an account that is reached through a proxy with a certificate of its own.
	TLS configtls.ClientConfig `mapstructure:"tls"`

	// ClientID and ClientSecret are those of a confidential OAuth client.
	ClientID     string              `mapstructure:"client_id"`
	ClientSecret configopaque.String `mapstructure:"client_secret"`

	// Scopes are what the token may be used for. Empty leaves it to Zendesk, which gives
	// all that the client has.
	Scopes []string `mapstructure:"scopes"`

	// Email and APIToken are the legacy credentials, instead of the OAuth client. Zendesk
	// ends them on 30 April 2027.
	Email    string              `mapstructure:"email"`
	APIToken configopaque.String `mapstructure:"api_token"`

	// Storage is the storage extension that keeps how far the log was read. Without it a
	// restart begins as at the first start.
	Storage *component.ID `mapstructure:"storage"`

	// PollInterval is the time between two polls.
	PollInterval time.Duration `mapstructure:"poll_interval"`

	// InitialLookback is how far the first poll reaches back; Zendesk keeps 7 days.
	InitialLookback time.Duration `mapstructure:"initial_lookback"`

	// Overlap is by how much each poll reads again what the last one has read, because an
	// invocation may appear later than the time it tells.
	Overlap time.Duration `mapstructure:"overlap"`

	// Timeout is how long Zendesk may be silent while it answers a request.
	Timeout time.Duration `mapstructure:"timeout"`

	// Attempts are the single calls of an invocation.
	Attempts AttemptsConfig `mapstructure:"attempts"`

	// IncludePayload adds to each failure what was sent and answered, with all the
	// personal data in it. It is meant for debugging.
	IncludePayload bool `mapstructure:"include_payload"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// AttemptsConfig configures what is asked about attempts.
type AttemptsConfig struct {
	// Enabled asks for the attempts of failures, one request each, as far as Zendesk's
	// limit of requests leaves room for it.
	Enabled bool `mapstructure:"enabled"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var (
	_ component.Config  = (*Config)(nil)
	_ confmap.Validator = (*Config)(nil)
)

func createDefaultConfig() component.Config {
	return &Config{
		TLS: configtls.NewDefaultClientConfig(),
		// the narrowest scope that there is for webhooks
		// Source: https://support.zendesk.com/hc/en-us/articles/4408845965210
		Scopes:          []string{"webhooks:read"},
		PollInterval:    time.Minute,
		InitialLookback: zendesk.Retention,
		Overlap:         10 * time.Minute,
		Timeout:         30 * time.Second,
		Attempts:        AttemptsConfig{Enabled: true},
	}
}

// Validate tells which setting is wrong, without showing a secret.
func (c *Config) Validate() error {
	var errs []error
	if _, err := baseurl.Parse("endpoint", c.Endpoint); err != nil {
		errs = append(errs, err)
	}
	errs = append(errs, c.validateCredentials())
	if c.PollInterval < minInterval {
		errs = append(errs, fmt.Errorf("poll_interval: %s must be at least %s", c.PollInterval, minInterval))
	}
	if c.InitialLookback < 0 || c.InitialLookback > zendesk.Retention {
		errs = append(errs, fmt.Errorf("initial_lookback: %s must be from 0 to %s, which is how long Zendesk keeps invocations", c.InitialLookback, zendesk.Retention))
	}
	if c.Overlap < time.Minute || c.Overlap > 24*time.Hour {
		errs = append(errs, fmt.Errorf("overlap: %s must be from 1m to 24h", c.Overlap))
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout: %s must be longer than 0", c.Timeout))
	}
	if c.TLS.Insecure || c.TLS.InsecureSkipVerify {
		errs = append(errs, errors.New("tls: insecure and insecure_skip_verify would let anybody in between read the credentials; use ca_file"))
	}
	if c.IncludePayload && !c.Attempts.Enabled {
		errs = append(errs, errors.New("include_payload: needs attempts::enabled, which is where the payload comes from"))
	}
	return errors.Join(errs...)
}

func (c *Config) validateCredentials() error {
	given := func(text string) bool { return strings.TrimSpace(text) != "" }
	client := given(c.ClientID) || given(string(c.ClientSecret))
	legacy := given(c.Email) || given(string(c.APIToken))
	switch {
	case client && legacy:
		return errors.New("client_id: an OAuth client and an API token are given (email, api_token); leave one of them out")
	case !client && !legacy:
		return errors.New("client_id: an OAuth client is needed, with client_secret; are their environment variables set?")
	case client && !given(c.ClientID):
		return errors.New("client_id: is missing, client_secret is there; is its environment variable set?")
	case client && !given(string(c.ClientSecret)):
		return errors.New("client_secret: is missing, client_id is there; is its environment variable set?")
	case legacy && !given(c.Email):
		return errors.New("email: is missing, api_token is there; is its environment variable set?")
	case legacy && !given(string(c.APIToken)):
		return errors.New("api_token: is missing, email is there; is its environment variable set?")
	default:
		return nil
	}
}
