// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package label

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/goleak"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// record returns a record, and its resource, with these attributes; empty ones are left out.
func record(resource, record map[string]string) (plog.ResourceLogs, plog.LogRecord) {
	resourceLogs := plog.NewResourceLogs()
	for key, value := range resource {
		resourceLogs.Resource().Attributes().PutStr(key, value)
	}
	r := resourceLogs.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	for key, value := range record {
		r.Attributes().PutStr(key, value)
	}
	return resourceLogs, r
}

func TestProduct(t *testing.T) {
	for name, tt := range map[string]struct {
		resource, record map[string]string
		want             string
	}{
		"of the record":                    {map[string]string{"product": "zis", "service.name": "app"}, map[string]string{"product": "shopify"}, "shopify"},
		"empty at the record":              {map[string]string{"product": "zis", "service.name": "app"}, map[string]string{"product": ""}, "zis"},
		"of the resource":                  {map[string]string{"product": "zis", "service.name": "app"}, nil, "zis"},
		"of the service":                   {map[string]string{"service.name": "app"}, nil, "app"},
		"of a service that an SDK invents": {map[string]string{"service.name": "unknown_service:node"}, nil, "unknown"},
		"of nothing":                       {nil, nil, "unknown"},
		"no UTF-8":                         {nil, map[string]string{"product": "caf\xe9\uFFFD"}, "caf??"},
	} {
		t.Run(name, func(t *testing.T) {
			resource, r := record(tt.resource, tt.record)
			assert.Equal(t, tt.want, OfResource(resource.Resource()).ProductOf(r))
		})
	}
}

func TestStatus(t *testing.T) {
	for name, tt := range map[string]struct {
		resource, record map[string]string
		severity         plog.SeverityNumber
		said             string
		want             activity.Status
	}{
		"of the record":                     {map[string]string{"status": "info"}, map[string]string{"status": "error"}, plog.SeverityNumberInfo, "error", activity.Error},
		"of the resource":                   {map[string]string{"status": "warning"}, nil, plog.SeverityNumberError, "warning", activity.Warning},
		"of an error":                       {nil, nil, plog.SeverityNumberError, "error", activity.Error},
		"of what is fatal":                  {nil, nil, plog.SeverityNumberFatal4, "error", activity.Error},
		"of a warning":                      {nil, nil, plog.SeverityNumberWarn3, "warning", activity.Warning},
		"of debugging":                      {nil, nil, plog.SeverityNumberDebug, "debug", activity.Debug},
		"of a trace":                        {nil, nil, plog.SeverityNumberTrace, "debug", activity.Debug},
		"of no severity":                    {nil, nil, 0, "info", activity.Info},
		"of a severity that there is not":   {nil, nil, 99, "info", activity.Info},
		"none of the four":                  {nil, map[string]string{"status": "wobbly"}, plog.SeverityNumberWarn, "wobbly", activity.Warning},
		"one of the four, but in capitals":  {nil, map[string]string{"status": "ERROR"}, plog.SeverityNumberInfo, "ERROR", activity.Info},
		"none of the four, at the resource": {map[string]string{"status": "wobbly"}, nil, plog.SeverityNumberError, "wobbly", activity.Error},
	} {
		t.Run(name, func(t *testing.T) {
			resource, r := record(tt.resource, tt.record)
			r.SetSeverityNumber(tt.severity)
			said, status := OfResource(resource.Resource()).StatusOf(r)
			assert.Equal(t, tt.said, said)
			assert.Equal(t, tt.want, status)
		})
	}
}

func TestResource(t *testing.T) {
	resource, _ := record(nil, nil)
	assert.Equal(t, Resource{Namespace: "integrations", Service: "unknown_service"}, OfResource(resource.Resource()))
	resource, _ = record(map[string]string{"service.namespace": "shop", "service.name": "app", "product": "p", "status": "s"}, nil)
	assert.Equal(t, Resource{Namespace: "shop", Service: "app", Product: "p", Status: "s"}, OfResource(resource.Resource()))
}

// Asking for a label changes nothing: other pipelines have the same record.
func TestRecordsStayAsTheyAre(t *testing.T) {
	_, r := record(nil, nil)
	list := r.Attributes().PutEmptyMap(activity.ProductKey).PutEmptySlice("list")
	list.AppendEmpty().SetDouble(math.NaN())

	assert.JSONEq(t, `{"list":["NaN"]}`, Of(r.Attributes(), activity.ProductKey))
	value, _ := r.Attributes().Get(activity.ProductKey)
	kept, _ := value.Map().Get("list")
	require.True(t, math.IsNaN(kept.Slice().At(0).Double()))
}

func TestLabelsAreBounded(t *testing.T) {
	_, r := record(nil, map[string]string{"product": strings.Repeat("é", 500)})
	long := Of(r.Attributes(), activity.ProductKey)
	assert.LessOrEqual(t, len(long), MaxBytes)
	assert.Contains(t, long, "bytes cut, sha256")
	assert.Equal(t, long, Clean(long))
	assert.Empty(t, Of(r.Attributes(), activity.TypeKey))
}

func TestID(t *testing.T) {
	_, r := record(nil, map[string]string{"activity.id": strings.Repeat("i", 500)})
	assert.Len(t, ID(r), 500)
	_, r = record(nil, nil)
	assert.Empty(t, ID(r))
	r.Attributes().PutInt(activity.IDKey, 7)
	assert.Equal(t, "7", ID(r))
}
