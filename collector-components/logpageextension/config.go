// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/collector-components/internal/knownsettings"
	"github.com/integrationlog/integrationlog/internal/baseurl"
)

// Config of the log_page extension.
type Config struct {
	// ServerConfig says where the page is served, and with auth, who may read it.
	ServerConfig confighttp.ServerConfig `mapstructure:",squash"`

	// AllowedHosts are the names, without port, under which browsers open the page. While
	// it listens on this machine only, localhost and loopback addresses are allowed
	// besides; elsewhere an empty list allows all.
	AllowedHosts []string `mapstructure:"allowed_hosts"`

	// ProxyAuth is for a proxy that people log in at and that names them in a header.
	ProxyAuth configoptional.Optional[ProxyAuthConfig] `mapstructure:"proxy_auth"`

	// Loki is where the log is read: its base URL, and if it needs them, the headers of a
	// tenant and credentials.
	Loki confighttp.ClientConfig `mapstructure:"loki"`

	// Links is where details of an activity lead to.
	Links LinksConfig `mapstructure:"links"`

	// ProductsOff are the products that are switched off, and for each the environment
	// variables that would switch it on. integrationlog fills it in.
	ProductsOff map[string][]string `mapstructure:"products_off"`

	// prevent unkeyed literal initialization
	_ struct{}
}

var (
	_ confmap.Unmarshaler = (*Config)(nil)
	_ confmap.Validator   = (*Config)(nil)
)

// Unmarshal implements confmap.Unmarshaler, so that a slip of the pen is told.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	type config Config
	if err := knownsettings.Check[config](conf); err != nil {
		return err
	}
	type client confighttp.ClientConfig
	loki, err := conf.Sub("loki")
	if err != nil {
		return err
	}
	if err := loki.Unmarshal(&client{}); err != nil {
		return fmt.Errorf("loki: %w", err)
	}
	return conf.Unmarshal(c)
}

// Validate checks the settings that have no sensible reading, and that nobody can read the
// log who should not.
func (c *Config) Validate() error {
	return errors.Join(c.validEndpoint(), c.validHosts(), c.validLoki(), c.validServer())
}

func (c *Config) validEndpoint() error {
	address := c.ServerConfig.NetAddr
	switch address.Transport {
	case confignet.TransportTypeTCP, confignet.TransportTypeTCP4, confignet.TransportTypeTCP6:
	default:
		return fmt.Errorf("transport is %q, but browsers need tcp: leave it out", address.Transport)
	}
	if address.Endpoint == "" {
		return errors.New("endpoint is empty: set it to where the page is served, or leave it out for " + defaultEndpoint)
	}
	if _, _, err := net.SplitHostPort(address.Endpoint); err != nil {
		return fmt.Errorf("endpoint is %q, it must be a host and a port such as %s", address.Endpoint, defaultEndpoint)
	}
	if !c.onLoopback() && !c.ServerConfig.Auth.HasValue() && !c.ProxyAuth.HasValue() {
		return fmt.Errorf("endpoint %s can be reached by other machines, and whoever does would read the log: "+
			"set auth to an authenticator such as basicauth, or proxy_auth where people log in at a proxy, or listen on %s",
			address.Endpoint, defaultEndpoint)
	}
	return nil
}

// onLoopback tells whether only this machine can reach the page.
func (c *Config) onLoopback() bool {
	host, _, err := net.SplitHostPort(c.ServerConfig.NetAddr.Endpoint)
	return err == nil && baseurl.IsLoopback(host)
}

func (c *Config) validLoki() error {
	endpoint, err := url.Parse(c.Loki.Endpoint)
	switch {
	case err != nil:
		return errors.New("loki::endpoint is no valid URL: it must be Loki's base URL, such as " + defaultLoki) // the error would quote a password
	case endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.RawQuery != "" || endpoint.Fragment != "":
		return fmt.Errorf("loki::endpoint is %q, it must be Loki's base URL, such as %s", endpoint.Redacted(), defaultLoki)
	case endpoint.User != nil:
		return errors.New("loki::endpoint has a user and password: name an authenticator in loki::auth instead")
	case c.Loki.Timeout <= 0:
		return fmt.Errorf("loki::timeout is %s, it must be more than 0; leave it out for %s", c.Loki.Timeout, defaultLokiTimeout)
	}
	return nil
}

func (c *Config) validServer() error {
	var errs []error
	if c.ServerConfig.CORS.HasValue() {
		errs = append(errs, errors.New("cors would let other sites read the log in a reader's browser: take it out, and have programs ask the API from a server"))
	}
	if c.ServerConfig.ReadTimeout != 0 {
		errs = append(errs, errors.New("read_timeout would end live tails and exports: take it out, read_header_timeout bounds what is read"))
	}
	if c.ServerConfig.WriteTimeout <= 0 {
		errs = append(errs, fmt.Errorf("write_timeout is %s, it must be more than 0; leave it out for %s", c.ServerConfig.WriteTimeout, defaultWriteTimeout))
	}
	return errors.Join(errs...)
}

func (c *Config) validHosts() error {
	var errs []error
	for _, host := range c.AllowedHosts {
		if !isHostName(host) {
			errs = append(errs, fmt.Errorf("allowed_hosts has %q: it must be a name or an address as browsers show it, without scheme and port, such as log.example.com", host))
		}
	}
	return errors.Join(errs...)
}
