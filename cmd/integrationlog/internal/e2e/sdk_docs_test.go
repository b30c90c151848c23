// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// What docs/products/custom.md tells people to run does what it says.
func TestDocsOfCustomIntegrations(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(harness.Repository(), "docs", "products", "custom.md"))
	require.NoError(t, err)
	const sentence = "Refund of order #1001 failed: the card has expired"

	t.Run("commands", func(t *testing.T) {
		_, err := exec.LookPath("curl")
		require.NoError(t, err, "the guide's commands need curl")
		all := install(t)
		all.Run(t)
		commands := strings.NewReplacer(
			"localhost:4318", fmt.Sprintf("localhost:%d", all.Ports.OTLPHTTP),
			"http://127.0.0.1:3100", all.Loki.URL,
		).Replace(block(t, string(page), "sh"))
		// A second is enough for people; a busy machine may need more.
		send, ask, found := strings.Cut(commands, "sleep 1\n")
		require.True(t, found)

		accepted := output(t, exec.Command("sh", "-c", send))
		assert.Contains(t, accepted, `{"partialSuccess":{}}`)
		assert.True(t, strings.HasSuffix(accepted, "\n200\n"), accepted)
		entries := awaitEntries(t, all.Loki, `{product="returns", status="error"}`, 1)
		assert.Equal(t, sentence, entries[0].Line)
		answer := output(t, exec.Command("sh", "-c", ask))
		for _, part := range []string{sentence, `"product":"returns"`, `"status":"error"`, `"activity_type":"refund"`} {
			assert.Contains(t, answer, part)
		}
	})
	t.Run("program", func(t *testing.T) {
		all := install(t)
		all.Run(t)
		program := filepath.Join(t.TempDir(), "main.go")
		require.NoError(t, os.WriteFile(program, []byte(block(t, string(page), "go")), 0o600))
		run := exec.Command("go", "run", program)
		// It is built with the modules of this one.
		run.Dir = filepath.Join(harness.Repository(), "cmd", "integrationlog")
		run.Env = append(os.Environ(), fmt.Sprintf("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:%d", all.Ports.OTLPHTTP))

		assert.Empty(t, output(t, run))
		entries := awaitEntries(t, all.Loki, `{product="returns", status="error"}`, 1)
		assert.Equal(t, sentence, entries[0].Line)
		assert.Equal(t, "returns-portal", entries[0].Labels["service_name"])
		assert.Equal(t, "refund-4711-attempt-1", entries[0].Labels["activity_id"])
		assert.Equal(t, "820982911946154508", entries[0].Labels["activity_object_id"])
	})
}

// block returns the first block of code in a language.
func block(t *testing.T, page, language string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, "\n```"+language+"\n")
	require.True(t, found, "a block of %s", language)
	code, _, found := strings.Cut(rest, "\n```\n")
	require.True(t, found)
	return code + "\n"
}

// output returns all that a command prints, and requires that it succeeds.
func output(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	text, err := command.CombinedOutput()
	require.NoError(t, err, "%s", text)
	return string(text)
}
