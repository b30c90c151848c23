// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configtls"

	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

const (
	// minInterval keeps a mistake from using up what Salesforce allows in a day.
	minInterval = time.Minute
	// allChanges is the channel with the events of every object that is selected.
	allChanges = "/data/ChangeEvents"
	// organizationPrefix is what ids of organizations begin with.
	organizationPrefix = "00D"
	unverified         = "insecure and insecure_skip_verify would let anybody in between read the credentials; use ca_file"
)

var (
	topicPattern   = regexp.MustCompile(`^/data/[A-Za-z][0-9A-Za-z_]*$`)
	fieldPattern   = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z_.]*$`)
	versionPattern = regexp.MustCompile(`^v[1-9]\d{1,2}\.0$`)
)

// Validate tells which setting is wrong, without showing a secret.
func (c *Config) Validate() error {
	var errs []error
	if _, err := baseurl.Parse("login_url", c.LoginURL); err != nil {
		errs = append(errs, err)
	}
	if c.InstanceURL != "" {
		if _, err := baseurl.Parse("instance_url", c.InstanceURL); err != nil {
			errs = append(errs, err)
		}
	}
	errs = append(errs, c.validateCredentials(), c.validateOrganization(), validateTLS("tls", &c.TLS))
	if !versionPattern.MatchString(c.APIVersion) {
		errs = append(errs, fmt.Errorf("api_version: %q is no version of Salesforce's API; it looks like %s", c.APIVersion, eventlogfile.DefaultVersion))
	}
	if c.Timeout <= 0 {
		errs = append(errs, fmt.Errorf("timeout: %s must be longer than 0", c.Timeout))
	}
	if !c.ChangeDataCapture.Enabled && !c.EventLogFiles.Enabled {
		errs = append(errs, errors.New("change_data_capture::enabled and event_log_files::enabled: one of them must be true, or leave this receiver out"))
	}
	errs = append(errs, c.validateUsers())
	if c.ChangeDataCapture.Enabled {
		errs = append(errs, c.ChangeDataCapture.validate())
	}
	if c.EventLogFiles.Enabled {
		errs = append(errs, c.EventLogFiles.validate())
	}
	return errors.Join(append(errs, c.validateConfirmation())...)
}

func (c *Config) validateCredentials() error {
	secret, user, key := given(string(c.ClientSecret)), given(c.Username), given(c.PrivateKeyFile)
	switch {
	case !given(c.ClientID):
		return errors.New("client_id: is missing; it is the consumer key of the external client app; is its environment variable set?")
	case secret && (user || key):
		return errors.New("client_secret: a secret and a key are given (username, private_key_file); leave one of them out")
	case !secret && !user && !key:
		return errors.New("client_secret: is missing; give it, or username with private_key_file; is its environment variable set?")
	case !secret && !user:
		return errors.New("username: is missing, private_key_file is there; is its environment variable set?")
	case !secret && !key:
		return errors.New("private_key_file: is missing, username is there; is its environment variable set?")
	case !secret && !given(c.Audience):
		return errors.New("audience: must not be empty; it is https://login.salesforce.com, or https://test.salesforce.com for a sandbox")
	default:
		return nil
	}
}

func (c *Config) validateOrganization() error {
	if c.OrganizationID == "" {
		return nil
	}
	if _, ok := sfid.Parse(c.OrganizationID); !ok || !strings.HasPrefix(c.OrganizationID, organizationPrefix) {
		return fmt.Errorf("organization_id: %q is no id of an organization; it has 15 or 18 letters and digits and begins with 00D", c.OrganizationID)
	}
	return nil
}

// validateUsers wants to know the integration's users wherever something depends on them.
func (c *Config) validateUsers() error {
	users := c.users()
	var errs []error
	if _, err := cdcrecord.New(cdcrecord.Settings{IntegrationUsers: users}); err != nil {
		errs = append(errs, fmt.Errorf("integration_users: %w", err))
	}
	switch {
	case len(users) > 0:
	case c.EventLogFiles.Enabled:
		errs = append(errs, errors.New("integration_users: are missing; the calls of these users are what is logged of event log files; "+
			"is its environment variable set?"))
	case c.ChangeDataCapture.Enabled && len(c.ChangeDataCapture.CaseOrigins) == 0 && c.ChangeDataCapture.bringsCases():
		errs = append(errs, errors.New("integration_users: are missing; without them and change_data_capture::case_origins no case would be logged; "+
			"is its environment variable set?"))
	}
	return errors.Join(errs...)
}

// bringsCases tells whether events of cases may come.
func (c *ChangeDataCaptureConfig) bringsCases() bool {
	for _, topic := range c.Topics {
		if topic == "/data/CaseChangeEvent" || topic == allChanges || strings.HasSuffix(topic, "__chn") {
			return true
		}
	}
	return false
}

func (c *ChangeDataCaptureConfig) validate() error {
	var errs []error
	if err := pubsub.CheckEndpoint(c.address()); err != nil {
		errs = append(errs, fmt.Errorf("change_data_capture::endpoint: %w", err))
	}
	if c.Start != startEarliest && c.Start != startLatest {
		errs = append(errs, fmt.Errorf("change_data_capture::start: %q must be earliest or latest", c.Start))
	}
	if len(c.Topics) == 0 {
		errs = append(errs, errors.New("change_data_capture::topics: must not be empty; switch enabled off instead"))
	}
	known := map[string]bool{}
	for _, topic := range c.Topics {
		switch {
		case !topicPattern.MatchString(topic):
			errs = append(errs, fmt.Errorf("change_data_capture::topics: %q is no topic; it looks like /data/AccountChangeEvent, or /data/Zendesk__chn for a channel", topic))
		case known[topic]:
			errs = append(errs, fmt.Errorf("change_data_capture::topics: %s is there twice", topic))
		}
		known[topic] = true
	}
	if known[allChanges] && len(known) > 1 {
		errs = append(errs, fmt.Errorf("change_data_capture::topics: %s has the events of the other topics too; name either it or them", allChanges))
	}
	for _, pattern := range c.CaseOrigins {
		if !given(pattern) {
			errs = append(errs, errors.New("change_data_capture::case_origins: one of them is empty"))
		}
	}
	for object, fields := range c.mapped() {
		for _, field := range fields {
			if !fieldPattern.MatchString(field) {
				errs = append(errs, fmt.Errorf("change_data_capture::mapped_fields::%s: %q is no name of a field; it looks like Phone, BillingCity or Region__c", object, field))
			}
		}
	}
	return errors.Join(errs...)
}

// address returns host and port, and whether they are reached without encryption.
func (c *ChangeDataCaptureConfig) address() (endpoint string, plain bool) {
	if address, ok := strings.CutPrefix(c.Endpoint, "http://"); ok {
		return strings.TrimSuffix(address, "/"), true
	}
	return strings.TrimSuffix(strings.TrimPrefix(c.Endpoint, "https://"), "/"), false
}

func (c *EventLogFilesConfig) validate() error {
	var errs []error
	if c.PollInterval < minInterval {
		errs = append(errs, fmt.Errorf("event_log_files::poll_interval: %s must be at least %s", c.PollInterval, minInterval))
	}
	if c.Lookback < time.Hour || c.Lookback > eventlogfile.DefaultLookback {
		errs = append(errs, fmt.Errorf("event_log_files::lookback: %s must be from 1h to %s, which is how far the log reaches back", c.Lookback, eventlogfile.DefaultLookback))
	}
	return errors.Join(errs...)
}

// validateConfirmation leaves it off where there is no client: the address alone may be
// another receiver's.
func (c *Config) validateConfirmation() error {
	z := &c.Confirmation.Zendesk
	if !c.Confirmation.Enabled || !z.hasClient() {
		return nil
	}
	const prefix = "confirmation::zendesk::"
	var errs []error
	if _, err := baseurl.Parse(prefix+"endpoint", z.Endpoint); err != nil {
		errs = append(errs, err)
	}
	if !given(z.ClientID) || !given(string(z.ClientSecret)) {
		missing, there := "client_id", "client_secret"
		if given(z.ClientID) {
			missing, there = there, missing
		}
		errs = append(errs, fmt.Errorf("%s%s: is missing, %s is there; is its environment variable set?", prefix, missing, there))
	}
	if c.Confirmation.Timeout < time.Minute || c.Confirmation.Timeout > 24*time.Hour {
		errs = append(errs, fmt.Errorf("confirmation::timeout: %s must be from 1m to 24h", c.Confirmation.Timeout))
	}
	return errors.Join(append(errs, validateTLS(prefix+"tls", &z.TLS))...)
}

func validateTLS(setting string, config *configtls.ClientConfig) error {
	if config.Insecure || config.InsecureSkipVerify {
		return fmt.Errorf("%s: %s", setting, unverified)
	}
	return nil
}

// apiURL is where the API is.
func (c *Config) apiURL() string { return cmp.Or(c.InstanceURL, c.LoginURL) }
