// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap/confmaptest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"
)

// size returns what Loki counts.
func size(entry lokilimitstest.Entry) (bytes int) {
	for _, pair := range entry.Metadata {
		bytes += len(pair.Name) + len(pair.Value)
	}
	return bytes
}

func putLarge(attributes pcommon.Map, prefix string) {
	for i := range 150 {
		attributes.PutStr(fmt.Sprintf("%s%03d%s", prefix, i, strings.Repeat("n", 200)), strings.Repeat("ü", 1000))
	}
}

// Everything at once, at the narrowest limits that the configuration allows.
func TestLimitsHoldAtTheirNarrowest(t *testing.T) {
	for _, attributes := range []int{lokimeta.MinAttributes, lokimeta.MaxAttributes} {
		b := newBench(t, func(c *Config) {
			c.MaxMetadataSize = lokimeta.MinBytes
			c.MaxAttributes = attributes
		})
		logs := lokilimitstest.Good(noon.Add(24*time.Hour), strings.Repeat("i", lokimeta.MaxID))
		resource := logs.ResourceLogs().At(0)
		putLarge(resource.Resource().Attributes(), "r")
		scope := resource.ScopeLogs().At(0).Scope()
		putLarge(scope.Attributes(), "s")
		scope.SetName(strings.Repeat("s", 1000))
		scope.SetDroppedAttributesCount(4294967295)
		record := resource.ScopeLogs().At(0).LogRecords().At(0)
		putLarge(record.Attributes(), "a")
		record.Attributes().PutStr(activity.ProductKey, strings.Repeat("p", 3000))
		record.SetSeverityNumber(-2147483648)
		record.SetSeverityText(strings.Repeat("s", 1000))
		record.SetDroppedAttributesCount(4294967295)
		record.SetFlags(4294967295)
		record.SetTraceID([16]byte{1})
		record.SetSpanID([8]byte{1})

		logs = b.process(t, logs)

		require.NoError(t, lokilimitstest.Check(logs, noon))
		entry, metadata := entry(t, logs)
		require.LessOrEqual(t, size(entry), lokimeta.MinBytes)
		require.LessOrEqual(t, len(entry.Metadata), attributes+16)
		require.Equal(t, strings.Repeat("i", lokimeta.MaxID), metadata["activity_id"], "the id stays whole")
		require.Equal(t, "order", metadata["activity_type"])
		require.Equal(t, "2026-11-24T11:59:00Z", metadata["activity_source_timestamp"])
		require.NotEmpty(t, metadata["loki_limits_dropped_attributes"])
		require.NotEmpty(t, metadata["loki_limits_dropped_resource_attributes"])
		require.NotEmpty(t, metadata["loki_limits_dropped_scope_attributes"])
	}
}

func TestMetadataMayFillTheLimitToTheByte(t *testing.T) {
	b := newBench(t)
	logs := lokilimitstest.Good(noon, "id")
	record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	record.Attributes().PutStr("payload", strings.Repeat("v", 100000))
	entry1, metadata := entry(t, b.process(t, logs))
	require.LessOrEqual(t, size(entry1), 65536)
	require.Greater(t, size(entry1), 65536-1024-64, "no more is cut than need be")
	require.Contains(t, metadata["payload"], "bytes cut, sha256")
	require.Equal(t, "Order #1001 created", entry1.Line)
}

func TestImportantAttributesAreKept(t *testing.T) {
	logs := plog.NewLogs()
	record := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	record.SetTimestamp(pcommon.NewTimestampFromTime(noon))
	for i := range 3000 {
		record.Attributes().PutStr(fmt.Sprintf("a%04d", i), "v")
	}
	importantKeys := []string{
		activity.IDKey, activity.TypeKey, activity.EvidenceKey, activity.IntegrationNameKey, activity.ObjectTypeKey,
		activity.ObjectIDKey, activity.ErrorTypeKey, activity.ErrorCodeKey, activity.ErrorMessageKey,
		activity.HTTPStatusCodeKey, activity.StatusOriginalKey, activity.SourceTimestampKey, activity.PayloadKey,
	}
	for _, key := range importantKeys {
		record.Attributes().PutStr(key, "important")
	}

	_, metadata := entry(t, newBench(t).process(t, logs))

	for _, key := range importantKeys {
		require.Equal(t, "important", metadata[strings.ReplaceAll(key, ".", "_")], key)
	}
	require.Equal(t, "v", metadata["a0000"])
	require.Equal(t, fmt.Sprint(3000-(112-2-len(importantKeys))), metadata["loki_limits_dropped_attributes"])
	require.Regexp(t, "^[0-9a-f]+$", metadata["loki_limits_dropped_attributes_digest"])
}

// Two records without an id that differ in nothing but what is dropped.
func TestDroppedAttributesStillTellRecordsApart(t *testing.T) {
	metadataWith := func(last string) map[string]string {
		logs := lokilimitstest.Good(noon, "")
		record := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		for i := range 500 {
			record.Attributes().PutStr(fmt.Sprintf("a%03d", i), "v")
		}
		record.Attributes().PutStr("z", last)
		_, metadata := entry(t, newBench(t).process(t, logs))
		return metadata
	}
	one, same, other := metadataWith("1"), metadataWith("1"), metadataWith("2")
	require.Equal(t, one, same)
	require.NotEqual(t, one, other)
}

func TestIDsStayDifferent(t *testing.T) {
	long := strings.Repeat("i", 600)
	ids := []string{long, long + "1", long + "2", "a\xff", "a\xfe", "a\uFFFD", "a ", "a"}
	seen := map[string]string{}
	for _, id := range ids {
		logs := lokilimitstest.Good(noon, "x")
		logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes().PutStr(activity.IDKey, id)
		_, metadata := entry(t, newBench(t).process(t, logs))
		stored := strings.ReplaceAll(metadata["activity_id"], "\uFFFD", " ") // As Loki does.
		require.LessOrEqual(t, len(stored), lokimeta.MaxID)
		require.Empty(t, seen[stored], "%q and %q become %q", seen[stored], id, stored)
		seen[stored] = id
	}
}

func TestNamesThatBecomeTheSame(t *testing.T) {
	logs := lokilimitstest.Good(noon, "id")
	attributes := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	attributes.PutStr("activity_id", "not the id")
	attributes.PutStr("a_b", "3")
	attributes.PutStr("a b", "1")
	attributes.PutStr("a.b", "2")
	attributes.PutStr("a_b_2", "taken")
	attributes.PutStr(activity.AccountKey, "acme.myshopify.com") // As the resource says.
	attributes.PutStr("scope_name", "another")

	_, metadata := entry(t, newBench(t).process(t, logs))

	require.Equal(t, "id", metadata["activity_id"])
	require.Equal(t, "not the id", metadata["activity_id_2"])
	require.Equal(t, "1", metadata["a_b"])
	values := []string{metadata["a_b"], metadata["a_b_2"], metadata["a_b_2_2"], metadata["a_b_3"]}
	slices.Sort(values)
	require.Equal(t, []string{"1", "2", "3", "taken"}, values)
	require.Equal(t, "acme.myshopify.com", metadata["integration_account"])
	require.NotContains(t, metadata, "integration_account_2")
	require.Equal(t, "another", metadata["scope_name_2"])
}

func TestReasonsOfTheDocumentation(t *testing.T) {
	conf, err := confmaptest.LoadConf("metadata.yaml")
	require.NoError(t, err)
	var want []any
	for kind := range change.Kind(change.Kinds) {
		want = append(want, kind.String())
	}
	require.Equal(t, want, conf.Get("attributes::change_reason::enum"))
	require.Equal(t, []any{tooOld}, conf.Get("attributes::drop_reason::enum"))
}
