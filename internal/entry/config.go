// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/http/httpguts"

	"github.com/integrationlog/integrationlog/internal/webhook"
)

// DefaultAPIKeyHeader is the header of a Zendesk connection with an API key, if nobody
// gives it another name.
const DefaultAPIKeyHeader = "X-API-Key" //nolint:gosec // it is the name of a header

// Config is what the configuration of every such receiver has.
type Config struct {
	// Config is what all webhook receivers share.
	Config webhook.Config `mapstructure:",squash"`

	// Secrets are the tokens that let an entry in: a list, or one string with commas.
	// Any of them may match, so that one can be rotated. A request brings one as bearer
	// token, as password of basic authentication with any user name, or in the API key's
	// header: the three ways in which a Zendesk connection can send it.
	Secrets webhook.Secrets `mapstructure:"secrets"`

	// APIKeyHeader is the header of the API key.
	APIKeyHeader string `mapstructure:"api_key_header"`

	// IncludeFields names what else of an entry's fields is kept, by their path:
	// "order.number" for {"fields": {"order": {"number": 1}}}. Whatever is in them gets
	// into the log.
	IncludeFields []string `mapstructure:"include_fields"`

	// IncludePayload adds the raw entry to each record, with all the personal data in
	// it. It is meant for debugging.
	IncludePayload bool `mapstructure:"include_payload"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// maxIncludeFields bounds how many fields a record gets that the receiver does not know.
const maxIncludeFields = 32

// fieldPath is a path that needs no escapes in JSON.
var fieldPath = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)

// Validate tells which setting is wrong. The shared settings have a validation of their
// own, which the collector calls.
func (c *Config) Validate() error {
	errs := []error{webhook.ValidateSecrets("secrets", c.Secrets.List())}
	if !httpguts.ValidHeaderFieldName(c.APIKeyHeader) {
		errs = append(errs, fmt.Errorf("api_key_header: %q is no name of a header; the default is %q", c.APIKeyHeader, DefaultAPIKeyHeader))
	}
	if n := len(c.IncludeFields); n > maxIncludeFields {
		errs = append(errs, fmt.Errorf("include_fields: %d fields are more than the %d that there may be", n, maxIncludeFields))
	}
	for _, path := range c.IncludeFields {
		if err := validateFieldPath(path); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

func validateFieldPath(path string) error {
	if !fieldPath.MatchString(path) {
		return fmt.Errorf("include_fields: %q must be names of letters, digits, dashes and underscores, with dots between them", path)
	}
	if first, rest, _ := strings.Cut(path, "."); first == "fields" {
		return fmt.Errorf("include_fields: %q must begin below \"fields\": %q", path, rest)
	}
	return nil
}
