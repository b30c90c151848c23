// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// withSecrets are changes of a program's configuration that have a secret in each setting for one that no
// variable fills.
func withSecrets(t *testing.T, name string, zpages, pprof int) []string {
	t.Helper()
	return append(showing(t, name, zpages, pprof, "bearertokenauth/otlp", "basicauth/client"),
		"extensions::bearertokenauth/otlp: {scheme: Bearer, token: "+canary+"-otlp}",
		"extensions::basicauth/client: {client_auth: {username: writer, password: "+canary+"-writer}}",
		"extensions::health_check::http::config: {enabled: true, path: /config}",
		"receivers::otlp::protocols::grpc::auth::authenticator: bearertokenauth/otlp",
		"exporters::otlp_http/loki: {headers: {X-Token: "+canary+"-header}, retry_on_failure: {initial_interval: 100ms, max_interval: 200ms}}",
		"service::telemetry::logs::level: debug",
	)
}

// Whatever is asked of the programs, and whatever goes wrong, no secret is in what they say.
func TestSecretsStayInside(t *testing.T) {
	talkative := newTalkative(t)
	for _, p := range []struct {
		name, binary string
		more         []string
		variables    map[string]string
	}{
		{
			name: "integrationlog", binary: binaries.AllInOne(t),
			more: []string{
				"extensions::log_page::loki: {headers: {X-Token: " + canary + "-log-page}}",
				"exporters::otlp_http/loki::endpoint: " + talkative.URL + "/otlp", "extensions::log_page::loki::endpoint: " + talkative.URL,
			},
		},
		{
			name: "otelcol-integrationlog", binary: binaries.Collector(t),
		},
		{
			name: "otelcol-integrationlog", binary: binaries.Collector(t), variables: otherCredentials(t),
		},
	} {
		t.Run(p.name, func(t *testing.T) {
			zpages, pprof := harness.FreePort(t), harness.FreePort(t)
			changes := append(withSecrets(t, p.name, zpages, pprof), p.more...)
			installation := harness.NewInstallation(t, p.binary)
			installation.Args = []string{"--config", "file:" + filepath.Join(harness.Repository(), "config", shipped[p.name])}
			for _, change := range changes {
				// In a file: whoever is on the machine can see what stands on a command line.
				file := filepath.Join(t.TempDir(), "change.yaml")
				require.NoError(t, os.WriteFile(file, []byte(change), 0o600))
				installation.Args = append(installation.Args, "--config", "file:"+file)
			}
			maps.Copy(installation.Env, secretVariables)
			installation.Shop.Secret = canary + "-shopify-new"
			installation.Env["LOKI_URL"] = talkative.URL
			installation.Env["ZENDESK_URL"], installation.Env["ZENDESK_CLIENT_ID"] = talkative.URL, "the-client"
			installation.Env["SALESFORCE_LOGIN_URL"], installation.Env["SALESFORCE_CLIENT_ID"] = talkative.URL, "the-app"
			installation.Env["SALESFORCE_INTEGRATION_USERS"] = "005000000000001"
			installation.Env["SALESFORCE_PUBSUB_ENDPOINT"] = talkative.URL

			maps.Copy(installation.Env, p.variables)

			requireNoSecret(t, "print-config", printConfig(t, installation))
			if p.name == "integrationlog" {
				requireNoSecret(t, "check", check(t, installation))
			}
			before := talkative.asked.Load()
			process := installation.Start(t)
			harness.Eventually(t, storedWithin, func(ctx context.Context) error {
				if err := sendOrder(ctx, &program{Installation: installation}, "secret"); err != nil {
					return err
				}
				if asked := talkative.asked.Load() - before; asked < 20 {
					return fmt.Errorf("%d requests have failed", asked)
				}
				return nil
			})
			for _, product := range harness.PushedProducts {
				answer, err := installation.Push(t.Context(), product.Product, canary+"-of-another", []byte("{"))
				require.NoError(t, err)
				requireNoSecret(t, "a refusal", answer.Body)
				answer, err = installation.Push(t.Context(), product.Product, secretVariables[product.Variable], []byte("{"))
				require.NoError(t, err)
				require.Equal(t, http.StatusBadRequest, answer.Code)
				requireNoSecret(t, "an answer", answer.Body)
			}
			for _, address := range shownBy(installation, zpages, pprof) {
				status, text, err := get(t.Context(), address)
				require.NoError(t, err, address)
				require.NotEqual(t, http.StatusNotFound, status, address)
				requireNoSecret(t, address, text)
			}
			process.Signal(syscall.SIGABRT) // Go then prints what each goroutine is at, as it does when it panics
			<-process.Done()
			require.Contains(t, process.Stderr.String(), "goroutine ")
			require.Contains(t, process.Stderr.String(), "401")
			requireNoSecret(t, "stderr", process.Stderr.String())
			requireNoSecret(t, "stdout", process.Stdout.String())
			requireNoSecretIn(t, installation.Directory)
		})
	}
}

// shownBy are the addresses at which a program shows something of itself.
func shownBy(i *harness.Installation, zpages, pprof int) []string {
	var addresses []string
	for port, paths := range map[int][]string{
		i.Ports.Health: {"/", "/?verbose", "/config"}, i.Ports.Metrics: {"/metrics"}, i.Ports.Telemetry: {"/metrics"},
		zpages: {"/debug/servicez", "/debug/pipelinez", "/debug/extensionz", "/debug/featurez", "/debug/expvarz"},
		pprof:  {"/debug/pprof/", "/debug/pprof/goroutine?debug=2", "/debug/pprof/heap?debug=1", "/debug/pprof/symbol"},
	} {
		for _, path := range paths {
			addresses = append(addresses, fmt.Sprintf("http://127.0.0.1:%d%s", port, path))
		}
	}
	if filepath.Base(i.Binary) == "integrationlog" {
		for _, path := range []string{"/", "/sources", "/api/v1/activities"} {
			addresses = append(addresses, fmt.Sprintf("http://127.0.0.1:%d%s", i.Ports.Page, path))
		}
		for _, path := range []string{"/config", "/metrics", "/services", "/debug/pprof/cmdline", "/debug/pprof/goroutine?debug=2", "/debug/pprof/heap?debug=1"} {
			addresses = append(addresses, i.Loki.URL+path)
		}
	}
	return addresses
}

// run runs a command of a program, with an installation's variables.
func run(t *testing.T, i *harness.Installation, arguments ...string) *harness.Process {
	t.Helper()
	env := make([]string, 0, len(i.Env))
	for name, value := range i.Env {
		env = append(env, name+"="+value)
	}
	return harness.Start(t, harness.Command{Path: i.Binary, Args: arguments, Env: env, Dir: t.TempDir()})
}

// check returns what check says of an installation whose Loki refuses everything.
func check(t *testing.T, i *harness.Installation) string {
	t.Helper()
	process := run(t, i, "check")
	require.NotZero(t, process.ExitCode())
	said := process.Stdout.String() + process.Stderr.String()
	require.Contains(t, said, "****", "it quotes what it was answered")
	return said
}

// printConfig returns what print-config prints of an installation.
func printConfig(t *testing.T, i *harness.Installation) string {
	t.Helper()
	process := run(t, i, append([]string{"print-config"}, i.Args...)...)
	require.Zero(t, process.ExitCode(), process.Stderr.String())
	printed := process.Stdout.String()
	require.Contains(t, printed, "[REDACTED]")
	require.Contains(t, printed, "the-client")
	return printed + process.Stderr.String()
}

// refusals take turns, because each is told otherwise.
var refusals = []int{http.StatusUnauthorized, http.StatusInternalServerError, http.StatusBadRequest, http.StatusForbidden}

// talkative is a vendor and a Loki that refuse everything, and say what they were sent.
type talkative struct {
	*httptest.Server
	asked atomic.Int64
}

func newTalkative(t *testing.T) *talkative {
	t.Helper()
	server := &talkative{}
	server.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refusal := refusals[server.asked.Add(1)%int64(len(refusals))]
		sent, err := httputil.DumpRequest(r, true)
		if err != nil {
			return // whoever went away needs no answer
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Request", url.QueryEscape(string(sent)))
		w.WriteHeader(refusal)
		fmt.Fprintf(w, `{"error":"invalid_client","error_description":%q,"message":%q}`, sent, sent)
	}))
	t.Cleanup(server.Close)
	return server
}
