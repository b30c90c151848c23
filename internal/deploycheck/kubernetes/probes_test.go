// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/integrationlog/integrationlog/internal/deploycheck/freeport"
)

// While Loki is away the probes keep the pod where it is, for it takes webhooks.
func TestWebhooksAreTakenAndProbesSucceedWithoutLoki(t *testing.T) {
	running := start(t, podOf(t, "example", "push"))

	response := running.post(t, "/zis", `{"message": "a flow ran", "id": "1", "timestamp": "`+time.Now().UTC().Format(time.RFC3339)+`"}`)
	defer response.Body.Close()

	assert.Equal(t, http.StatusOK, response.StatusCode)
	assert.NoError(t, running.probe(t, running.container.ReadinessProbe), "readiness")
	assert.NoError(t, running.probe(t, running.container.LivenessProbe), "liveness")
	assert.NoError(t, running.stop(syscall.SIGTERM), "%s", running.output)
	require.Error(t, running.probe(t, running.container.ReadinessProbe), "readiness, after its end")
	require.Error(t, running.probe(t, running.container.LivenessProbe), "liveness, after its end")
	assert.Equal(t, posted, running.products(), "its secrets decide what is on")
}

// Nor is the one that fetches restarted while nobody can be reached.
func TestProbesSucceedWithoutVendors(t *testing.T) {
	running := start(t, podOf(t, "example", "pull"))

	assert.NoError(t, running.probe(t, running.container.ReadinessProbe), "readiness")
	assert.NoError(t, running.probe(t, running.container.LivenessProbe), "liveness")
	require.Error(t, running.stop(syscall.SIGKILL), "it may not listen to others yet")
	assert.Equal(t, fetched, running.products(), "its credentials decide what is on")
}

// The products of each collector, as the program names them when it starts.
var (
	posted  = []string{"Actions", "Bot builder for messaging", "Messaging, social channels and Sunshine Conversations API", "Private ZIS integrations", "Shopify"}
	fetched = []string{"Salesforce", "Webhooks"}
)

// runningPod is a collector that was started as the pod's.
type runningPod struct {
	pod

	ports  map[string]string // by the names of the pod's ports
	output *bytes.Buffer     // what it wrote, to be read when it has ended
	stop   func(os.Signal) error
}

var switchedOn = regexp.MustCompile(`(?m)^(\S.*?) +on {2}`)

// products returns the names of those that are on.
func (p runningPod) products() []string {
	var names []string
	for _, line := range switchedOn.FindAllStringSubmatch(p.output.String(), -1) {
		names = append(names, line[1])
	}
	slices.Sort(names)
	return names
}

// portVariables move the ports, that several tests may run on one machine.
var portVariables = map[string]string{
	"webhooks": "INTEGRATIONLOG_WEBHOOK_PORT", "metrics": "INTEGRATIONLOG_METRICS_PORT", "telemetry": "INTEGRATIONLOG_TELEMETRY_PORT",
	"health": "INTEGRATIONLOG_HEALTH_PORT", "otlp-grpc": "INTEGRATIONLOG_OTLP_GRPC_PORT", "otlp-http": "INTEGRATIONLOG_OTLP_HTTP_PORT",
}

// start runs the collector until its probes succeed and all of it has started, with a Loki
// that nobody can reach. stop sends it a signal, waits, and returns how it ended.
func start(t *testing.T, p pod) runningPod {
	t.Helper()
	p.environment["LOKI_URL"] = "http://localhost:1"
	running := runningPod{pod: p, ports: make(map[string]string), output: &bytes.Buffer{}}
	for name, variable := range portVariables {
		running.ports[name] = freeport.Find(t)
		p.environment[variable] = running.ports[name]
	}
	command := p.command(t)
	command.Stdout, command.Stderr = running.output, running.output
	require.NoError(t, command.Start())
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	running.stop = func(signal os.Signal) error {
		if err := command.Process.Signal(signal); err != nil {
			return err
		}
		return <-ended
	}

	deadline := time.After(time.Minute)
	for running.probe(t, p.container.StartupProbe) != nil || running.probe(t, p.container.ReadinessProbe) != nil ||
		get("http://localhost:"+running.ports["health"]) != nil {
		select {
		case err := <-ended:
			require.Failf(t, "it ended by itself", "%v: %s", err, running.output)
		case <-deadline:
			require.Fail(t, "it does not get ready")
		case <-time.After(100 * time.Millisecond):
		}
	}
	return running
}

// probe does what the kubelet does, at the address of another machine's.
func (p runningPod) probe(t *testing.T, probe *corev1.Probe) error {
	t.Helper()
	if probe.TCPSocket != nil {
		connection, err := net.DialTimeout("tcp", net.JoinHostPort(address(t), p.ports[probe.TCPSocket.Port.String()]), 5*time.Second)
		if err != nil {
			return err
		}
		return connection.Close()
	}
	return get("http://" + net.JoinHostPort(address(t), p.ports[probe.HTTPGet.Port.String()]) + probe.HTTPGet.Path)
}

func get(url string) error {
	response, err := http.Get(url)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	return nil
}

func (p runningPod) post(t *testing.T, path, body string) *http.Response {
	t.Helper()
	url := "http://" + net.JoinHostPort(address(t), p.ports["webhooks"]) + path
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+p.environment["ZIS_TOKEN"])
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	return response
}

// address is one of this machine's that is not loopback, for what listens on localhost
// cannot be reached in a pod. A machine without any has only that.
func address(t *testing.T) string {
	t.Helper()
	addresses, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, candidate := range addresses {
		if network, ok := candidate.(*net.IPNet); ok && network.IP.To4() != nil && !network.IP.IsLoopback() {
			return network.IP.String()
		}
	}
	return "127.0.0.1"
}
