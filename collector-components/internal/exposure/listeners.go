// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package exposure // import "github.com/integrationlog/integrationlog/collector-components/internal/exposure"

import (
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/healthcheckextension"
	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/pprofextension"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configgrpc"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/extension/zpagesextension"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
)

const askWhoItIs = "set auth to an authenticator such as bearertokenauth, or tls::client_ca_file to ask for certificates"

// listener is what a component listens on.
type listener struct {
	// setting is the one of the endpoint, below those of the component.
	setting   string
	transport confignet.TransportType
	endpoint  string
	// asksForCredentials tells whether nobody is let in without.
	asksForCredentials bool
	// danger is what everybody else could do, and cure what helps beside not listening.
	danger, cure string
}

// read returns the listeners that a component with these settings has.
type read func(*confmap.Conf) ([]listener, error)

// readers are by section of the configuration and type of the component. Those that only
// show counts or the status, such as the collector's own metrics, may be open to all.
var readers = map[string]map[string]read{
	"receivers": {
		otlpreceiver.NewFactory().Type().String(): otlp,
	},
	"extensions": {
		healthcheckextension.NewFactory().Type().String(): health,
		pprofextension.NewFactory().Type().String():       pprof,
		zpagesextension.NewFactory().Type().String():      zpages,
	},
}

// settings returns the component's configuration with what conf sets.
func settings[T component.Config](factory component.Factory, conf *confmap.Conf) (T, error) {
	config := factory.CreateDefaultConfig().(T)
	return config, conf.Unmarshal(config)
}

func otlp(conf *confmap.Conf) ([]listener, error) {
	config, err := settings[*otlpreceiver.Config](otlpreceiver.NewFactory(), conf)
	if err != nil {
		return nil, err
	}
	var listeners []listener
	if grpc := config.Protocols.GRPC.Get(); grpc != nil {
		listeners = append(listeners, ofGRPC("protocols::grpc::endpoint", grpc))
	}
	if http := config.Protocols.HTTP.Get(); http != nil {
		listeners = append(listeners, ofHTTP("protocols::http::endpoint", &http.ServerConfig))
	}
	for i := range listeners {
		listeners[i].danger = "could write into the log"
	}
	return listeners, nil
}

// health has its status open to all, for the probes of other machines. The page of the
// configuration is not.
func health(conf *confmap.Conf) ([]listener, error) {
	config, err := settings[*healthcheckextension.Config](healthcheckextension.NewFactory(), conf)
	if err != nil {
		return nil, err
	}
	http := config.Config.HTTPConfig
	if http == nil || !http.Config.Enabled {
		return nil, nil
	}
	l := ofHTTP("http::endpoint", &http.ServerConfig)
	l.danger = "could read the configuration"
	l.cure = "set http::config::enabled to false, or " + l.cure
	return []listener{l}, nil
}

func pprof(conf *confmap.Conf) ([]listener, error) {
	config, err := settings[*pprofextension.Config](pprofextension.NewFactory(), conf)
	if err != nil {
		return nil, err
	}
	return []listener{{
		setting: "endpoint", transport: confignet.TransportTypeTCP, endpoint: config.TCPAddr.Endpoint,
		danger: "could see what the process does, and slow it down", cure: "take pprof out",
	}}, nil
}

func zpages(conf *confmap.Conf) ([]listener, error) {
	config, err := settings[*zpagesextension.Config](zpagesextension.NewFactory(), conf)
	if err != nil {
		return nil, err
	}
	l := ofHTTP("endpoint", &config.ServerConfig)
	l.danger = "could see what the collector does"
	return []listener{l}, nil
}

func ofHTTP(setting string, server *confighttp.ServerConfig) listener {
	tls := server.TLS.Get()
	return listener{
		setting: setting, transport: server.NetAddr.Transport, endpoint: server.NetAddr.Endpoint,
		asksForCredentials: server.Auth.HasValue() || tls != nil && tls.ClientCAFile != "",
		cure:               askWhoItIs,
	}
}

func ofGRPC(setting string, server *configgrpc.ServerConfig) listener {
	tls := server.TLS.Get()
	return listener{
		setting: setting, transport: server.NetAddr.Transport, endpoint: server.NetAddr.Endpoint,
		asksForCredentials: server.Auth.HasValue() || tls != nil && tls.ClientCAFile != "",
		cure:               askWhoItIs,
	}
}
