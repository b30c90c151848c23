// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"context"
	"fmt"
	"net/http"
	neturl "net/url"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/untried"
)

// putHAProxyBefore makes HAProxy the balancer, with config/scaling/haproxy.cfg. It skips the test
// where HAProxy is not installed.
func (f *fleet) putHAProxyBefore(t *testing.T) {
	t.Helper()
	path, err := exec.LookPath("haproxy")
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/haproxy") // which only root has in its path
	}
	if err != nil {
		untried.Skip(t, err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", harness.FreePort(t))
	env := []string{"WEBHOOKS=" + address}
	for i, collector := range f.collectors {
		parsed, err := neturl.Parse(collector.Shop.URL)
		require.NoError(t, err)
		env = append(env, fmt.Sprintf("INTAKE_%d=%s", i+1, parsed.Host))
	}
	file := filepath.Join(harness.Repository(), "config", "scaling", "haproxy.cfg")
	harness.Start(t, harness.Command{Path: path, Args: []string{"-db", "-f", file}, Env: env, Dir: t.TempDir()})
	f.URL = "http://" + address
	harness.Eventually(t, 10*time.Second, func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.URL+"/nowhere", http.NoBody)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		require.Equal(t, http.StatusNotFound, response.StatusCode)
		return response.Body.Close()
	})
}
