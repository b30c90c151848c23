// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"path/filepath"
	"testing"
)

// NewGateway returns the plain collector with the shipped gateway configuration and changes
// to it, YAML documents, beside a Loki at url that loki reads. It needs a Zendesk and a
// Salesforce to start.
func NewGateway(tb testing.TB, binary, url string, loki *Loki, changes ...string) *Installation {
	tb.Helper()
	gateway := NewInstallation(tb, binary)
	gateway.Args = []string{"--config", "file:" + filepath.Join(Repository(), "config", "gateway.yaml")}
	for _, change := range changes {
		gateway.Args = append(gateway.Args, "--config", "yaml:"+change)
	}
	gateway.Env["LOKI_URL"] = url
	gateway.Loki = loki
	return gateway
}
