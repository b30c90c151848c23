// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package command

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// execute runs a command that ends by itself. Only one at a time can run, because
// feature gates are the process's own.
func execute(t *testing.T, arguments ...string) (string, error) {
	t.Helper()
	var printed bytes.Buffer
	cmd, err := New(&printed)
	require.NoError(t, err)
	cmd.SetOut(&printed)
	cmd.SetErr(io.Discard)
	cmd.SetArgs(arguments)
	err = cmd.Execute()
	return printed.String(), err
}

func TestTheEmbeddedConfigurationIsValid(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	for name, secret := range map[string]string{"all products off": "", "Shopify on": "a-secret"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("SHOPIFY_WEBHOOK_SECRET", secret)
			printed, err := execute(t, "validate")
			require.NoError(t, err)
			assert.Empty(t, printed, "what validate prints is read by programs")
		})
	}
}

func TestAnEnvironmentThatIsWrongIsNamed(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "a-secret")
	t.Setenv("INTEGRATIONLOG_LOKI_PORT", "31OO")
	_, err := execute(t, "validate")
	require.ErrorContains(t, err, "embedded_loki")
	require.ErrorContains(t, err, "31OO")
}

func TestACertificateWithoutItsKeyIsNamed(t *testing.T) {
	t.Setenv("INTEGRATIONLOG_DATA_DIR", t.TempDir())
	t.Setenv("SHOPIFY_WEBHOOK_SECRET", "a-secret")
	t.Setenv("INTEGRATIONLOG_TLS_CERT_FILE", "cert.pem")
	_, err := execute(t, "validate")
	require.ErrorContains(t, err, "key")
}

func TestHelpTellsWhatItTakes(t *testing.T) {
	printed, err := execute(t, "--help")
	require.NoError(t, err)
	for _, word := range []string{"SHOPIFY_WEBHOOK_SECRET", "INTEGRATIONLOG_DATA_DIR", "check", "AGPL-3.0", "--config"} {
		assert.Contains(t, printed, word)
	}
}

func TestWordsBehindTheCommandAreRefused(t *testing.T) {
	_, err := execute(t, "chekc")
	require.ErrorContains(t, err, "chekc")
}

func TestCheckNamesACertificateThatIsNotThere(t *testing.T) {
	t.Setenv("LOKI_CA_FILE", "missing.pem")
	_, err := execute(t, "check")
	require.ErrorContains(t, err, "LOKI_CA_FILE")
	require.ErrorContains(t, err, "missing.pem")
}
