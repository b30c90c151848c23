// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package exposure

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/featuregate"
	"go.yaml.in/yaml/v3"
)

// The distribution turns it on: package collectorcomponents.
const componentHealthGate = "extension.healthcheck.useComponentStatus"

func convert(t *testing.T, configuration string) error {
	t.Helper()
	require.NoError(t, featuregate.GlobalRegistry().Set(componentHealthGate, true))
	t.Cleanup(func() { require.NoError(t, featuregate.GlobalRegistry().Set(componentHealthGate, false)) })
	var settings map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(configuration), &settings))
	if settings["service"] == nil {
		settings["service"] = serviceOfAll(settings)
	}
	conf := confmap.NewFromStringMap(settings)
	before := conf.ToStringMap()
	err := NewConverterFactory().Create(confmap.ConverterSettings{}).Convert(t.Context(), conf)
	require.Equal(t, before, conf.ToStringMap(), "nothing is changed")
	return err
}

// serviceOfAll starts all components of a configuration.
func serviceOfAll(settings map[string]any) map[string]any {
	names := func(section string) []any {
		all := []any{}
		components, _ := settings[section].(map[string]any)
		for name := range components {
			all = append(all, name)
		}
		return all
	}
	return map[string]any{"extensions": names("extensions"), "pipelines": map[string]any{"logs": map[string]any{"receivers": names("receivers")}}}
}

func TestWhatNobodyElseCanReachOrEnter(t *testing.T) {
	for name, configuration := range map[string]string{
		"nothing":                            "{}",
		"the defaults":                       "{receivers: {otlp: {protocols: {grpc: , http: }}}, extensions: {pprof: , zpages: , health_check: }}",
		"the defaults, written otherwise":    "{receivers: {otlp: {protocols: {grpc: {}, http: {}}}}, extensions: {pprof: {}, zpages: {}, health_check: {}}}",
		"localhost":                          "receivers: {otlp: {protocols: {grpc: {endpoint: 'localhost:1'}, http: {endpoint: 'LOCALHOST:2'}}}}",
		"addresses of the loopback":          "receivers: {otlp: {protocols: {grpc: {endpoint: '127.1.2.3:1'}, http: {endpoint: '[::1]:2'}}}}",
		"a socket of the file system":        "receivers: {otlp: {protocols: {grpc: {transport: unix, endpoint: /run/otlp.sock}}}}",
		"an authenticator":                   "receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:1', auth: {authenticator: a}}, http: {endpoint: ':2', auth: {authenticator: a}}}}}",
		"client certificates":                "receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:1', tls: {client_ca_file: a}}, http: {endpoint: ':2', tls: {client_ca_file: a}}}}}",
		"zpages with an authenticator":       "extensions: {zpages: {endpoint: '0.0.0.0:1', auth: {authenticator: a}}}",
		"the status":                         "extensions: {health_check: {http: {endpoint: '0.0.0.0:1'}}}",
		"the configuration, to this machine": "extensions: {health_check: {http: {endpoint: 'localhost:1', config: {enabled: true}}}}",
		"a setting that there is not":        "receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:1', endpiont: x}}}}",
		"no settings":                        "receivers: {otlp: none}",
		"no components":                      "receivers: none",
		"no address":                         "receivers: {otlp: {protocols: {grpc: {endpoint: anywhere}}}}",
		"another component":                  "receivers: {otlp2: {protocols: {grpc: {endpoint: '0.0.0.0:1'}}}}",
		"a receiver of no pipeline":          "{receivers: {otlp: , otlp/left: {protocols: {grpc: {endpoint: ':1'}}}}, service: {pipelines: {logs: {receivers: [otlp]}}}}",
		"an extension that is not started":   "{extensions: {pprof: {endpoint: ':1'}}, service: {extensions: [zpages]}}",
		"a service that is empty":            "{receivers: {otlp: {protocols: {grpc: {endpoint: ':1'}}}}, extensions: {pprof: {endpoint: ':1'}}, service: {extensions: , pipelines: {logs: }}}",
		"a service that cannot be read":      "{extensions: {pprof: {endpoint: ':1'}}, service: {extensions: {pprof: }}}",
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, convert(t, configuration))
		})
	}
}

func TestWhatOtherMachinesCouldReach(t *testing.T) {
	for name, test := range map[string]struct {
		configuration string
		want          []string
	}{
		"grpc": {
			"receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:4317'}}}}",
			[]string{
				"receivers::otlp::protocols::grpc::endpoint 0.0.0.0:4317 can be reached by other machines, and whoever does could write into the log: " +
					"set auth to an authenticator such as bearertokenauth, or tls::client_ca_file to ask for certificates, or listen on localhost:4317",
			},
		},
		"both, each":              {"receivers: {otlp: {protocols: {grpc: {endpoint: '0.0.0.0:1'}, http: {endpoint: '0.0.0.0:2'}}}}", []string{"protocols::grpc::endpoint 0.0.0.0:1", "protocols::http::endpoint 0.0.0.0:2"}},
		"the other has auth":      {"receivers: {otlp: {protocols: {grpc: {endpoint: ':1', auth: {authenticator: a}}, http: {endpoint: ':2'}}}}", []string{"protocols::http::endpoint :2"}},
		"every interface":         {"receivers: {otlp: {protocols: {http: {endpoint: ':1'}}}}", []string{"endpoint :1 can be reached"}},
		"every interface of IPv6": {"receivers: {otlp: {protocols: {http: {endpoint: '[::]:1'}}}}", []string{"endpoint [::]:1 can be reached"}},
		"a name":                  {"receivers: {otlp: {protocols: {http: {endpoint: 'localhost.example.com:1'}}}}", []string{"localhost.example.com:1 can be reached"}},
		"tcp4":                    {"receivers: {otlp: {protocols: {grpc: {transport: tcp4, endpoint: '192.0.2.1:1'}}}}", []string{"192.0.2.1:1 can be reached"}},
		"one of several": {
			"receivers: {otlp: {protocols: {grpc: }}, otlp/more: {protocols: {grpc: {endpoint: ':1'}}}}",
			[]string{"receivers::otlp/more::protocols::grpc::endpoint"},
		},
		"in the second pipeline": {
			"{receivers: {otlp: , otlp/more: {protocols: {grpc: {endpoint: ':1'}}}}, service: {pipelines: {logs: {receivers: [otlp]}, traces/2: {receivers: [otlp, ' otlp / more ']}}}}",
			[]string{"receivers::otlp/more::protocols::grpc::endpoint"},
		},
		"a name with spaces": {"receivers: {'otlp / more': {protocols: {grpc: {endpoint: ':1'}}}}", []string{"endpoint :1"}},
		"TLS that asks for no certificate": {
			"receivers: {otlp: {protocols: {grpc: {endpoint: ':1', tls: {cert_file: c, key_file: k}}}}}", []string{"endpoint :1"},
		},
		"pprof":  {"extensions: {pprof: {endpoint: ':1777'}}", []string{"extensions::pprof::endpoint :1777", "take pprof out, or listen on localhost:1777"}},
		"zpages": {"extensions: {zpages: {endpoint: '0.0.0.0:1'}}", []string{"extensions::zpages::endpoint 0.0.0.0:1", "set auth"}},
		"the configuration": {
			"extensions: {health_check: {http: {endpoint: '0.0.0.0:1', config: {enabled: true}}}}",
			[]string{"extensions::health_check::http::endpoint 0.0.0.0:1", "set http::config::enabled to false"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := convert(t, test.configuration)
			for _, want := range test.want {
				require.ErrorContains(t, err, want)
			}
		})
	}
}
