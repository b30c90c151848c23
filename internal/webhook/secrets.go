// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"errors"
	"fmt"
	"strings"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"
)

// Secrets is one secret, or several with commas between them. A configuration may
// give it as one string or as a list of strings. It is masked wherever it is
// printed.
//
// It is a string because only a string gets an environment variable as it was
// written. For a slice the collector takes what YAML makes of the value, and a
// secret such as 0123, 1e10, null or "a: b" would be another one, or none.
type Secrets string

var _ confmap.ScalarUnmarshaler = (*Secrets)(nil)

// List returns the secrets without the space around them. One that is empty stays
// in the list, so that [ValidateSecrets] can tell which.
func (s Secrets) List() []configopaque.String {
	if strings.TrimSpace(string(s)) == "" {
		return nil
	}
	parts := strings.Split(string(s), ",")
	list := make([]configopaque.String, 0, len(parts))
	for _, part := range parts {
		list = append(list, configopaque.String(strings.TrimSpace(part)))
	}
	return list
}

// UnmarshalScalar takes a string or a list of strings.
func (s *Secrets) UnmarshalScalar(value confmap.ScalarValue) error {
	switch raw := value.GetRaw().(type) {
	case nil, Secrets:
		// nothing is given, so the default stays
		return nil
	case string:
		*s = Secrets(raw)
		return nil
	case []any:
		var list []string
		if err := value.Unmarshal(&list); err != nil {
			return fmt.Errorf("each secret must be a string; put it in quotes: %w", err)
		}
		*s = Secrets(strings.Join(list, ","))
		return nil
	default:
		return errors.New("must be a string or a list of strings; put it in quotes")
	}
}

// String masks the secrets.
func (s Secrets) String() string { return configopaque.String(s).String() }

// GoString masks the secrets.
func (s Secrets) GoString() string { return configopaque.String(s).GoString() }

// MarshalText masks the secrets.
func (s Secrets) MarshalText() ([]byte, error) { return configopaque.String(s).MarshalText() }

// MarshalBinary masks the secrets.
func (s Secrets) MarshalBinary() ([]byte, error) { return configopaque.String(s).MarshalBinary() }

// ValidateSecrets tells what is wrong with a list of secrets, without showing one.
func ValidateSecrets(setting string, secrets []configopaque.String) error {
	if len(secrets) == 0 {
		return fmt.Errorf("%s: at least one is needed; without a secret anybody could write to the log", setting)
	}
	for i, secret := range secrets {
		if strings.TrimSpace(string(secret)) == "" {
			return fmt.Errorf("%s: number %d is empty; is its environment variable set?", setting, i+1)
		}
	}
	return nil
}
