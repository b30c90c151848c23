// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package exposure refuses a configuration in which other machines can reach a listener of
// the collector's own components that asks nobody for a credential, and that could forge the
// log or show what is private. The components of this project check their own.
package exposure // import "github.com/integrationlog/integrationlog/collector-components/internal/exposure"

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/integrationlog/integrationlog/internal/baseurl"
)

// NewConverterFactory returns a converter that changes nothing. It returns an error that
// names each such listener, its setting and the cure. What it cannot read it leaves to the
// collector, which says what is wrong.
func NewConverterFactory() confmap.ConverterFactory {
	return confmap.NewConverterFactory(func(confmap.ConverterSettings) confmap.Converter { return converter{} })
}

type converter struct{}

// Convert implements confmap.Converter.
func (converter) Convert(_ context.Context, conf *confmap.Conf) error {
	started, err := startedBy(conf)
	if err != nil {
		return nil //nolint:nilerr // the collector reads it in the same way, and does not start
	}
	var errs []error
	for _, section := range slices.Sorted(maps.Keys(readers)) {
		components, _ := conf.Get(section).(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(components)) {
			var id component.ID
			if id.UnmarshalText([]byte(name)) != nil || !slices.Contains(started[section], id) {
				continue
			}
			read := readers[section][id.Type().String()]
			if read == nil {
				continue
			}
			key := section + "::" + name
			settings, err := conf.Sub(key)
			if err != nil {
				continue
			}
			listeners, err := read(settings)
			if err != nil {
				continue
			}
			for _, l := range listeners {
				errs = append(errs, l.check(key))
			}
		}
	}
	return errors.Join(errs...)
}

// startedBy returns, by section, the components that the collector starts: those that
// service names. All others listen nowhere.
func startedBy(conf *confmap.Conf) (map[string][]component.ID, error) {
	var service struct {
		Extensions []component.ID `mapstructure:"extensions"`
		Pipelines  map[string]struct {
			Receivers []component.ID `mapstructure:"receivers"`
		} `mapstructure:"pipelines"`
	}
	section, err := conf.Sub("service")
	if err != nil {
		return nil, err
	}
	if err := section.Unmarshal(&service, confmap.WithIgnoreUnused()); err != nil {
		return nil, err
	}
	started := map[string][]component.ID{"extensions": service.Extensions}
	for _, pipeline := range service.Pipelines {
		started["receivers"] = append(started["receivers"], pipeline.Receivers...)
	}
	return started, nil
}

// check returns an error if other machines can reach the listener and need no credential.
func (l *listener) check(component string) error {
	if l.asksForCredentials || !strings.HasPrefix(string(l.transport), "tcp") {
		return nil // a socket of the file system has the permissions of a file
	}
	host, port, err := net.SplitHostPort(l.endpoint)
	if err != nil || baseurl.IsLoopback(host) {
		return nil //nolint:nilerr // what is no address cannot be listened on
	}
	return fmt.Errorf("%s::%s %s can be reached by other machines, and whoever does %s: %s, or listen on %s",
		component, l.setting, l.endpoint, l.danger, l.cure, net.JoinHostPort("localhost", port))
}
