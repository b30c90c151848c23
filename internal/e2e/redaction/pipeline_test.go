// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package redaction

import (
	"context"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/severityprocessor"
)

const settingsFile = "testdata/redaction.yaml"

// settings returns what the shipped configurations set for the redaction processor.
func settings(tb testing.TB) *redactionprocessor.Config {
	tb.Helper()
	conf, err := confmaptest.LoadConf(settingsFile)
	require.NoError(tb, err)
	return redactionConfig(tb, conf)
}

func redactionConfig(tb testing.TB, conf *confmap.Conf) *redactionprocessor.Config {
	tb.Helper()
	sub, err := conf.Sub("processors::redaction")
	require.NoError(tb, err)
	cfg := redactionprocessor.NewFactory().CreateDefaultConfig()
	require.NoError(tb, sub.Unmarshal(cfg))
	require.NoError(tb, confmap.Validate(cfg))
	return cfg.(*redactionprocessor.Config)
}

func start(tb testing.TB, factory processor.Factory, cfg component.Config, next consumer.Logs) consumer.Logs {
	tb.Helper()
	p, err := factory.CreateLogs(tb.Context(), processortest.NewNopSettings(factory.Type()), cfg, next)
	require.NoError(tb, err)
	require.NoError(tb, p.Start(tb.Context(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, p.Shutdown(context.WithoutCancel(tb.Context()))) })
	return p
}

func newSeverity(tb testing.TB, next consumer.Logs) consumer.Logs {
	tb.Helper()
	factory := severityprocessor.NewFactory()
	return start(tb, factory, factory.CreateDefaultConfig(), next)
}

func newRedaction(tb testing.TB, next consumer.Logs) consumer.Logs {
	tb.Helper()
	return start(tb, redactionprocessor.NewFactory(), settings(tb), next)
}

// pipeline is severity -> redaction, as in every shipped configuration.
type pipeline struct {
	first consumer.Logs
	sink  *consumertest.LogsSink
}

func newPipeline(tb testing.TB) pipeline {
	tb.Helper()
	sink := new(consumertest.LogsSink)
	return pipeline{first: newSeverity(tb, newRedaction(tb, sink)), sink: sink}
}

// send returns what comes out. The logs themselves stay as they are.
func (p pipeline) send(tb testing.TB, logs plog.Logs) plog.Logs {
	tb.Helper()
	sent := plog.NewLogs()
	logs.CopyTo(sent)
	p.sink.Reset()
	require.NoError(tb, p.first.ConsumeLogs(tb.Context(), sent))
	require.Len(tb, p.sink.AllLogs(), 1)
	return p.sink.AllLogs()[0]
}

// newLogs is what receivers send.
func newLogs(activities ...activity.Activity) plog.Logs {
	return activity.NewLogs(activity.Scope{Name: "test", Version: "1"}, activities...)
}

func records(logs plog.Logs) []plog.LogRecord {
	var all []plog.LogRecord
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				all = append(all, record)
			}
		}
	}
	return all
}

func attribute(tb testing.TB, record plog.LogRecord, key string) string {
	tb.Helper()
	value, ok := record.Attributes().Get(key)
	require.True(tb, ok, key)
	return value.AsString()
}
