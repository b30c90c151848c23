// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package health

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestItEndsAsTheCollectorAnswers(t *testing.T) {
	for name, tt := range map[string]struct {
		code int
		want string
	}{
		"healthy":   {http.StatusOK, ""},
		"unhealthy": {http.StatusInternalServerError, "exporter:otlp_http/loki"},
		"no health": {http.StatusNotFound, "404"},
		// What somebody else answers there is no proof of health.
		"elsewhere": {http.StatusNoContent, "204"},
	} {
		t.Run(name, func(t *testing.T) {
			collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.True(t, r.URL.Query().Has("verbose"))
				w.WriteHeader(tt.code)
				if tt.code >= http.StatusInternalServerError {
					_, _ = w.Write([]byte(`{"components":{"exporter:otlp_http/loki":{"healthy":false}}}`))
				}
			}))
			t.Cleanup(collector.Close)
			host, port, _ := strings.Cut(strings.TrimPrefix(collector.URL, "http://"), ":")
			t.Setenv(hostVariable, host)
			t.Setenv(portVariable, port)
			t.Setenv("HTTP_PROXY", "http://192.0.2.1")

			cmd := NewCommand()
			cmd.SetArgs(nil)
			cmd.SilenceErrors = true
			err := cmd.ExecuteContext(t.Context())
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestACollectorThatDoesNotRunIsUnhealthy(t *testing.T) {
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	cmd := NewCommand()
	cmd.SetArgs([]string{"--url", gone.URL})
	cmd.SilenceErrors = true
	require.Error(t, cmd.ExecuteContext(t.Context()))
}

func TestItAsksWhereTheCollectorListens(t *testing.T) {
	for name, tt := range map[string]struct{ host, port, want string }{
		"defaults":         {"", "", "localhost:13133"},
		"every interface":  {"0.0.0.0", "1", "localhost:1"},
		"every of IPv6":    {"::", "1", "localhost:1"},
		"one of this host": {"192.0.2.7", "", "192.0.2.7:13133"},
		"IPv6":             {"fd00::1", "2", "[fd00::1]:2"},
	} {
		t.Run(name, func(t *testing.T) {
			environment := map[string]string{hostVariable: tt.host, portVariable: tt.port}
			assert.Equal(t, tt.want, address(func(name string) string { return environment[name] }))
		})
	}
}
