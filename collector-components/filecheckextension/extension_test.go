// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package filecheckextension

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.etcd.io/bbolt"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/metadatatest"
)

// write writes a database.
func write(t *testing.T, path string) {
	t.Helper()
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	require.NoError(t, database.Update(func(tx *bbolt.Tx) error {
		bucket, err := tx.CreateBucket([]byte("default"))
		require.NoError(t, err)
		return bucket.Put([]byte("key"), bytes.Repeat([]byte("x"), 10_000))
	}))
	require.NoError(t, database.Close())
}

func cutOff(t *testing.T, path string) {
	t.Helper()
	write(t, path)
	require.NoError(t, os.Truncate(path, 3*int64(os.Getpagesize())))
}

func namesIn(t *testing.T, directory string) []string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	require.NoError(t, err)
	var names []string
	for _, entry := range entries {
		name, _, _ := strings.Cut(entry.Name(), "-20")
		names = append(names, name)
	}
	return names
}

// started is an extension that has looked at the directories.
type started struct {
	*fileCheck
	telemetry *componenttest.Telemetry
	logs      *observer.ObservedLogs
	err       error
}

func start(t *testing.T, directories ...string) started {
	t.Helper()
	s := started{telemetry: componenttest.NewTelemetry()}
	t.Cleanup(func() { require.NoError(t, s.telemetry.Shutdown(context.Background())) })
	set := extensiontest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = s.telemetry.NewTelemetrySettings()
	core, logs := observer.New(zapcore.WarnLevel)
	set.Logger, s.logs = zap.New(core), logs
	created, err := NewFactory().Create(t.Context(), set, &Config{Directories: directories})
	require.NoError(t, err)
	s.fileCheck = created.(*fileCheck)
	s.err = s.Start(t.Context(), componenttest.NewNopHost())
	t.Cleanup(func() { require.NoError(t, s.Shutdown(context.Background())) })
	return s
}

func (s started) requireAside(t *testing.T, want int64) {
	t.Helper()
	metadatatest.AssertEqualFileCheckSetAsideFiles(t, s.telemetry, []metricdata.DataPoint[int64]{{Value: want}}, metricdatatest.IgnoreTimestamp())
}

func TestDamagedFilesAreSetAside(t *testing.T) {
	queue, state := t.TempDir(), t.TempDir()
	cutOff(t, filepath.Join(queue, "exporter_otlp_http_loki_logs"))
	cutOff(t, filepath.Join(state, "receiver_zis__deduplication"))
	cutOff(t, filepath.Join(state, strings.Repeat("0f", 32)))
	cutOff(t, filepath.Join(state, "somebody else's"))
	write(t, filepath.Join(state, "receiver_shopify__deduplication"))
	require.NoError(t, os.WriteFile(filepath.Join(state, "receiver_new_"), nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(state, "receiver_directory_"), 0o700))

	first := start(t, queue, state, filepath.Join(state, "not there yet"))
	require.NoError(t, first.err)
	assert.Equal(t, []string{"exporter_otlp_http_loki_logs.damaged"}, namesIn(t, queue))
	assert.Equal(t, []string{
		strings.Repeat("0f", 32) + ".damaged", "receiver_directory_", "receiver_new_", "receiver_shopify__deduplication",
		"receiver_zis__deduplication.damaged", "somebody else's",
	}, namesIn(t, state))
	said := first.logs.FilterMessageSnippet("is damaged and was set aside").All()
	require.Len(t, said, 3)
	assert.Equal(t, zapcore.ErrorLevel, said[0].Level)
	assert.Equal(t, filepath.Join(queue, "exporter_otlp_http_loki_logs"), said[0].ContextMap()["file"])
	first.requireAside(t, 3)

	second := start(t, queue, state)
	require.NoError(t, second.err)
	second.requireAside(t, 3)
	assert.Len(t, second.logs.FilterMessageSnippet("lies beside those in use").All(), 3)
	assert.Len(t, namesIn(t, state), 6)
}

// The database is made anew of such a file, so nothing else would tell of it.
func TestEmptyFileIsTold(t *testing.T) {
	directory := t.TempDir()
	path := filepath.Join(directory, "exporter_otlp_http_loki_logs")
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(directory, "somebody else's"), nil, 0o600))
	s := start(t, directory)
	require.NoError(t, s.err)
	assert.Equal(t, []string{"exporter_otlp_http_loki_logs", "somebody else's"}, namesIn(t, directory))
	said := s.logs.All()
	require.Len(t, said, 1)
	assert.Equal(t, zapcore.WarnLevel, said[0].Level)
	assert.Contains(t, said[0].Message, "is empty: what it held, if anything, is gone")
	assert.Equal(t, path, said[0].ContextMap()["file"])
	s.requireAside(t, 0)
}

// What another process has open is left to it, damaged or not.
func TestFileInUse(t *testing.T) {
	directory := t.TempDir()
	path := filepath.Join(directory, "exporter_otlp_http_loki_logs")
	write(t, path)
	database, err := bbolt.Open(path, 0o600, nil)
	require.NoError(t, err)
	s := start(t, directory)
	require.NoError(t, s.err)
	assert.Equal(t, []string{"exporter_otlp_http_loki_logs"}, namesIn(t, directory))
	require.NoError(t, database.Close())
}

func TestDirectoryCannotBeRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	s := start(t, file)
	require.NoError(t, s.err)
	assert.Equal(t, 1, s.logs.FilterMessageSnippet("cannot be checked").Len())
}

func TestConfig(t *testing.T) {
	require.ErrorContains(t, (&Config{}).Validate(), "directories must be set")
	require.ErrorContains(t, (&Config{Directories: []string{"a", ""}}).Validate(), "directories must be set")
	require.NoError(t, (&Config{Directories: []string{"a"}}).Validate())
}
