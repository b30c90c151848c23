// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"net"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
	"github.com/integrationlog/integrationlog/config"
)

func lookup(values map[string]string) func(string) (string, bool) {
	return func(variable string) (string, bool) {
		value, ok := values[variable]
		return value, ok
	}
}

// listen takes a port of the loopback interface, as another program would.
func listen(t *testing.T, address string) int {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	return listener.Addr().(*net.TCPAddr).Port
}

func TestPortsThatAreTakenAreLeftAlone(t *testing.T) {
	taken := strconv.Itoa(listen(t, "127.0.0.1:0"))
	configuration := "a: ${env:INTEGRATIONLOG_A_PORT:-" + taken + "}\nb: ${env:INTEGRATIONLOG_B_PORT:-" + taken + "}\nagain: ${env:INTEGRATIONLOG_A_PORT:-" + taken + "}"
	ports, err := choosePorts(t.Context(), configuration, lookup(nil))
	require.NoError(t, err)
	require.Len(t, ports, 2)
	assert.Greater(t, strconv.Itoa(ports[0].number), taken)
	assert.NotEqual(t, ports[0].number, ports[1].number, "not the same twice")
	assert.Equal(t, map[string]string{
		"INTEGRATIONLOG_A_PORT": strconv.Itoa(ports[0].number), "INTEGRATIONLOG_B_PORT": strconv.Itoa(ports[1].number),
	}, portVariables(ports))
}

// Whoever listens on all addresses, of either family, has the port.
func TestAPortIsTakenByWhoeverListens(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", "0.0.0.0:0", "[::1]:0", "[::]:0"} {
		t.Run(address, func(t *testing.T) {
			if listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address); err != nil {
				untried.Skip(t, err)
			} else {
				require.NoError(t, listener.Close())
			}
			assert.False(t, isFree(t.Context(), listen(t, address)))
		})
	}
}

func TestPortsOfTheEnvironment(t *testing.T) {
	free := freePort(t)
	configuration := fmt.Sprintf("${env:INTEGRATIONLOG_A_PORT:-%d} ${env:INTEGRATIONLOG_B_PORT:-4318} ${env:OTHER:-1}", free)
	ports, err := choosePorts(t.Context(), configuration, lookup(map[string]string{"INTEGRATIONLOG_B_PORT": strconv.Itoa(free)}))
	require.NoError(t, err)
	require.Len(t, ports, 2)
	assert.NotEqual(t, free, ports[0].number, "somebody wants it for another")
	assert.Equal(t, free, ports[1].number)
	for _, text := range []string{"0", "65536", "-1", "http"} {
		_, err := choosePorts(t.Context(), configuration, lookup(map[string]string{"INTEGRATIONLOG_B_PORT": text}))
		require.ErrorContains(t, err, "INTEGRATIONLOG_B_PORT: \""+text+"\" is no port")
	}
	_, err = choosePorts(t.Context(), "${env:INTEGRATIONLOG_A_PORT:-70000}", lookup(nil))
	require.ErrorContains(t, err, "no port from 70000")
	_, err = choosePorts(t.Context(), "${env:INTEGRATIONLOG_A_PORT:-99999999999999999999}", lookup(nil))
	require.ErrorContains(t, err, "default of INTEGRATIONLOG_A_PORT")
}

// freePort is one that nobody listened on a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "localhost:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().(*net.TCPAddr).Port
}

func TestPortsOfTheEnvironmentThatCannotBe(t *testing.T) {
	free := strconv.Itoa(freePort(t))
	_, err := choosePorts(t.Context(), config.AllInOne, lookup(map[string]string{pagePort: free, lokiPort: free}))
	require.ErrorContains(t, err, "INTEGRATIONLOG_LOKI_PORT and INTEGRATIONLOG_PAGE_PORT are both "+free+"; leave one of them out")

	taken := strconv.Itoa(listen(t, "127.0.0.1:0"))
	_, err = choosePorts(t.Context(), config.AllInOne, lookup(map[string]string{pagePort: taken}))
	require.ErrorContains(t, err, "INTEGRATIONLOG_PAGE_PORT: port "+taken+" cannot be listened on, or somebody does")
}

func TestTheDemoKnowsThePortsThatItNeeds(t *testing.T) {
	ports, err := choosePorts(t.Context(), config.AllInOne, lookup(nil))
	require.NoError(t, err)
	variables := portVariables(ports)
	for _, variable := range []string{pagePort, webhookPort, lokiPort, metricsPort} {
		assert.Contains(t, variables, variable)
	}
}

func TestTheEnvironmentOfTheCollector(t *testing.T) {
	const configuration = "${env:SHOPIFY_WEBHOOK_SECRET:-} ${env:INTEGRATIONLOG_DATA_DIR:-./data} ${env:ZENDESK_URL}"
	got := environment([]string{
		"PATH=/bin", "SHOPIFY_WEBHOOK_SECRET=real", "ZENDESK_URL=https://acme.zendesk.com", "INTEGRATIONLOG_DATA_DIR=mine", "GIVEN=old",
	}, configuration, map[string]string{"SHOPIFY_WEBHOOK_SECRET": "made up", "INTEGRATIONLOG_DATA_DIR": "temporary", "GIVEN": "new"})
	assert.ElementsMatch(t, []string{"PATH=/bin", "SHOPIFY_WEBHOOK_SECRET=made up", "INTEGRATIONLOG_DATA_DIR=temporary", "GIVEN=new"}, got,
		"nothing of an account of one's own, and nothing of one's own log")
}
