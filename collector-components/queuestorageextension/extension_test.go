// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package queuestorageextension

import (
	"context"
	"errors"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/extension/storage/filestorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/metadata"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/metadatatest"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/storagetest"
	"github.com/integrationlog/integrationlog/internal/seal"
)

var (
	innerID = component.MustNewIDWithName("file_storage", "queue")
	ownID   = component.MustNewID("queue_storage")
	lokiID  = component.MustNewIDWithName("otlp_http", "loki")
)

// testHost has the extensions that components ask for.
type testHost map[component.ID]component.Component

func (h testHost) GetExtensions() map[component.ID]component.Component { return h }

// newTestHost is the host of the generated tests.
func newTestHost() component.Host { return testHost{innerID: storagetest.New(nil)} }

func testConfig() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Storage = innerID
	return cfg
}

// start returns a running extension on top of inner.
func start(t *testing.T, inner component.Component, cfg *Config) *queueStorage {
	t.Helper()
	return startWith(t, inner, cfg, componenttest.NewNopTelemetrySettings())
}

func startWith(t *testing.T, inner component.Component, cfg *Config, telemetry component.TelemetrySettings) *queueStorage {
	t.Helper()
	set := extensiontest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = telemetry
	q, err := newExtension(set, cfg)
	require.NoError(t, err)
	assert.Equal(t, []component.ID{innerID}, q.Dependencies())
	require.NoError(t, q.Start(t.Context(), testHost{innerID: inner}))
	t.Cleanup(func() { require.NoError(t, q.Shutdown(context.WithoutCancel(t.Context()))) })
	return q
}

// fileStorage returns the storage that the distribution uses, in a directory.
func fileStorage(t *testing.T, directory string) component.Component {
	t.Helper()
	factory := filestorage.NewFactory()
	cfg := factory.CreateDefaultConfig().(*filestorage.Config)
	cfg.Directory = directory
	cfg.Timeout = 50_000_000
	inner, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, inner.Start(t.Context(), componenttest.NewNopHost()))
	return inner
}

func TestStartNamesWhatIsMissing(t *testing.T) {
	for want, host := range map[string]testHost{
		"is not among the extensions": {},
		"is no storage extension":     {innerID: struct{ component.Component }{}},
	} {
		q, err := newExtension(extensiontest.NewNopSettings(metadata.Type), testConfig())
		require.NoError(t, err)
		err = q.Start(t.Context(), host)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, innerID.String())
		_, err = q.GetClient(t.Context(), component.KindExporter, lokiID, "logs")
		require.ErrorIs(t, err, errNotStarted)
		require.NoError(t, q.Shutdown(t.Context()))
	}
}

func TestOtherComponentsGetTheStorageAsItIs(t *testing.T) {
	q := start(t, storagetest.New(nil), testConfig())
	client, err := q.GetClient(t.Context(), component.KindReceiver, lokiID, "")
	require.NoError(t, err)
	assert.IsType(t, &storagetest.Client{}, client)
}

// scripted is a storage whose GetClient a test decides.
type scripted struct {
	component.StartFunc
	component.ShutdownFunc
	getClient func() (storage.Client, error)
}

func (s *scripted) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return s.getClient()
}

func TestGetClientTellsWhatIsWrong(t *testing.T) {
	failing := storagetest.New(nil)
	failing.FailWith(func([]*storage.Operation) storagetest.Failure { return storagetest.Refuse })
	for want, getClient := range map[string]func() (storage.Client, error){
		"cannot list its keys":       func() (storage.Client, error) { return storage.NewNopClient(), nil },
		"no space left":              func() (storage.Client, error) { return nil, errors.New("no space left") },
		"is damaged (page 7 broken)": func() (storage.Client, error) { panic("page 7 broken") },
		"cannot list what":           func() (storage.Client, error) { return failing.Client(), nil },
	} {
		q := start(t, &scripted{getClient: getClient}, testConfig())
		_, err := q.GetClient(t.Context(), component.KindExporter, lokiID, "logs")
		require.ErrorContains(t, err, want)
	}
}

func TestTwoProcessesMustNotShareADirectory(t *testing.T) {
	directory := t.TempDir()
	first := start(t, fileStorage(t, directory), testConfig())
	_, err := first.GetClient(t.Context(), component.KindExporter, lokiID, "logs")
	require.NoError(t, err)

	second := start(t, fileStorage(t, directory), testConfig())
	_, err = second.GetClient(t.Context(), component.KindExporter, lokiID, "logs")
	require.ErrorContains(t, err, "another process holds the data of \"otlp_http/loki\"")
	require.ErrorContains(t, err, "give each collector a directory of its own")
}

func TestShutdownClosesWhatIsStillOpen(t *testing.T) {
	inner := storagetest.New(nil)
	q, err := newExtension(extensiontest.NewNopSettings(metadata.Type), testConfig())
	require.NoError(t, err)
	require.NoError(t, q.Start(t.Context(), testHost{innerID: inner}))
	client, err := q.GetClient(t.Context(), component.KindExporter, lokiID, "logs")
	require.NoError(t, err)
	require.NoError(t, client.Set(t.Context(), "0", []byte("x")))
	require.NoError(t, client.Delete(t.Context(), "0"))
	require.Contains(t, inner.Values(), "0")

	require.NoError(t, q.Shutdown(t.Context()))
	assert.NotContains(t, inner.Values(), "0", "what waited was committed")
	require.NoError(t, q.Shutdown(t.Context()))
	require.NoError(t, client.Close(t.Context()))
}

func TestMetrics(t *testing.T) {
	telemetry := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, telemetry.Shutdown(context.WithoutCancel(t.Context()))) })
	damaged := seal.Seal([]byte("x"))
	damaged[0] = 'y'
	inner := storagetest.New(map[string][]byte{
		"2": damaged, "9": []byte("b"), "quarantine/1/x": []byte("c"),
	})
	q := startWith(t, inner, testConfig(), telemetry.NewTelemetrySettings())
	assert.False(t, q.Backlog())
	client, err := q.GetClient(t.Context(), component.KindExporter, lokiID, "logs")
	require.NoError(t, err)
	assert.True(t, q.Backlog())

	// 2 was moved to 8.
	_, err = client.Get(t.Context(), "8")
	require.ErrorIs(t, err, seal.ErrDamaged)
	require.NoError(t, client.Delete(t.Context(), "8"))
	inner.FailWith(func([]*storage.Operation) storagetest.Failure { return storagetest.Refuse })
	require.Error(t, client.Set(t.Context(), "10", []byte("d")))

	inner.FailWith(nil)

	points := func(n int64) []metricdata.DataPoint[int64] {
		return []metricdata.DataPoint[int64]{{
			Value:      n,
			Attributes: attribute.NewSet(attribute.String("exporter", "otlp_http/loki"), attribute.String("data_type", "logs")),
		}}
	}
	ignore := metricdatatest.IgnoreTimestamp()
	metadatatest.AssertEqualQueueStorageRecoveredItems(t, telemetry, points(2), ignore)
	metadatatest.AssertEqualQueueStorageMovedItems(t, telemetry, points(1), ignore)
	metadatatest.AssertEqualQueueStorageQuarantinedItems(t, telemetry, points(1), ignore)
	metadatatest.AssertEqualQueueStorageQuarantine(t, telemetry, points(2), ignore)
	metadatatest.AssertEqualQueueStorageUnreadableItems(t, telemetry, points(0), ignore)
	metadatatest.AssertEqualQueueStorageWriteErrors(t, telemetry, points(1), ignore)

	require.NoError(t, client.Delete(t.Context(), "9"))
	assert.False(t, q.Backlog())
	require.NoError(t, client.Close(t.Context()))
	metadatatest.AssertEqualQueueStorageQuarantine(t, telemetry, points(0), ignore)
}
