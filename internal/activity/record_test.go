// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activity

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
)

var (
	happened = time.Date(2026, 3, 14, 15, 9, 26, 535897932, time.UTC)
	seenAt   = happened.Add(1500 * time.Millisecond)
	scope    = Scope{Name: "github.com/integrationlog/integrationlog/receivers/fakereceiver", Version: "1.2.3"}
)

// everything is an activity with no empty field.
func everything() Activity {
	return Activity{
		ID: "9007199254740993", Product: Shopify, Type: "order", Evidence: Reported,
		Account: "acme.myshopify.com", IntegrationName: "Order sync",
		Time: happened, Observed: seenAt, Status: Error,
		Description: "Order #1001 could not be created: the customer is missing",
		ObjectType:  "order", ObjectID: "18446744073709551615",
		Error:          &Failure{Type: ErrorValidation, Code: "E-17", Message: "the customer is missing"},
		HTTPStatusCode: 422,
		Attributes: []attribute.KeyValue{
			attribute.String("shopify.topic", "orders/create"),
			attribute.Int64("shopify.order.number", 9007199254740993),
			attribute.Float64("shopify.total", 0.5),
			attribute.Bool("shopify.test", true),
			attribute.StringSlice("shopify.tags", []string{"a", "b"}),
			attribute.String("shopify.empty", ""),
		},
		Payload: `{"id":9007199254740993}`,
	}
}

func onlyRecord(t *testing.T, logs plog.Logs) plog.LogRecord {
	t.Helper()
	require.Equal(t, 1, logs.LogRecordCount())
	return logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
}

func keys(m pcommon.Map) []string {
	var list []string
	for key := range m.All() {
		list = append(list, key)
	}
	return list
}

// The files in testdata are the layout that everything downstream is built on.
func TestLayout(t *testing.T) {
	another := everything()
	another.ID, another.Account = "2", "other.myshopify.com"
	tests := map[string][]Activity{
		"everything": {everything()},
		"minimal":    {{Product: Actions}},
		"several":    {everything(), another, {Product: ZIS, ID: "3", Type: "flow_run", Evidence: Observed, Time: happened, Observed: seenAt}},
	}
	for name, activities := range tests {
		t.Run(name, func(t *testing.T) {
			want, err := golden.ReadLogs(filepath.Join("testdata", name+".yaml"))
			require.NoError(t, err)
			got := NewLogs(scope, activities...)
			require.NoError(t, plogtest.CompareLogs(want, got))
		})
	}
}

// plogtest compares maps without regard to their order; readers of a raw record
// want the same order every time.
func TestOrderOfAttributes(t *testing.T) {
	logs := NewLogs(scope, everything())
	assert.Equal(t, []string{"service.name", "service.namespace", "integration.account"}, keys(logs.ResourceLogs().At(0).Resource().Attributes()))
	assert.Equal(t, []string{
		"product", "status", "activity.type", "activity.evidence", "activity.id", "integration.name",
		"activity.object.type", "activity.object.id", "http.response.status_code", "error.type", "error.code", "error.message",
		"shopify.topic", "shopify.order.number", "shopify.total", "shopify.test", "shopify.tags", "activity.payload",
	}, keys(onlyRecord(t, logs).Attributes()))
}

func TestEmptyFieldsLeaveNoAttribute(t *testing.T) {
	logs := NewLogs(Scope{}, Activity{Product: Webhooks, Error: &Failure{}, Attributes: []attribute.KeyValue{attribute.String("zendesk.empty", "")}})
	assert.Equal(t, []string{"service.name", "service.namespace"}, keys(logs.ResourceLogs().At(0).Resource().Attributes()))
	record := onlyRecord(t, logs)
	assert.Equal(t, []string{"product"}, keys(record.Attributes()))
	assert.Equal(t, pcommon.ValueTypeStr, record.Body().Type())
	assert.Empty(t, record.Body().Str())
	assert.Equal(t, EventName, record.EventName())
}

// Numbers and booleans say something when they are zero.
func TestZeroOfTheVendorsOwnIsKept(t *testing.T) {
	record := onlyRecord(t, NewLogs(scope, Activity{Product: Shopify, Attributes: []attribute.KeyValue{
		attribute.Int64("shopify.count", 0), attribute.Bool("shopify.test", false), attribute.Float64("shopify.total", 0),
	}}))
	assert.Equal(t, map[string]any{"product": "shopify", "shopify.count": int64(0), "shopify.test": false, "shopify.total": 0.0}, record.Attributes().AsRaw())
}

func TestTimes(t *testing.T) {
	record := onlyRecord(t, NewLogs(scope, Activity{Product: Shopify}))
	assert.Zero(t, record.Timestamp(), "not year 1")
	assert.Zero(t, record.ObservedTimestamp())
	assert.Zero(t, record.SeverityNumber(), "that is the severity processor's")
	assert.Empty(t, record.SeverityText())

	zone := time.FixedZone("", 5*3600)
	record = onlyRecord(t, NewLogs(scope, Activity{Product: Shopify, Time: happened.In(zone), Observed: seenAt}))
	assert.Equal(t, happened.UnixNano(), int64(record.Timestamp()))
	assert.Equal(t, seenAt.UnixNano(), int64(record.ObservedTimestamp()))
}

// OTLP strings have to be UTF-8, and what comes from outside need not be.
func TestInvalidUTF8(t *testing.T) {
	const bad = "caf\xe9 \xff\xfe ok"
	a := Activity{
		ID: bad, Product: Shopify, Type: bad, Evidence: bad, Account: bad, IntegrationName: bad, Status: bad, Description: bad,
		ObjectType: bad, ObjectID: bad, Error: &Failure{Type: bad, Code: bad, Message: bad}, Payload: bad,
		Attributes: []attribute.KeyValue{
			attribute.String("shopify.text", bad), attribute.StringSlice("shopify.list", []string{bad}), attribute.String("shopify."+bad, "x"),
		},
	}
	logs := NewLogs(scope, a)
	record := onlyRecord(t, logs)
	assert.Equal(t, "caf\uFFFD \uFFFD ok", record.Body().Str())
	for _, m := range []pcommon.Map{record.Attributes(), logs.ResourceLogs().At(0).Resource().Attributes()} {
		for key, value := range m.All() {
			assert.True(t, utf8.ValidString(key), "%q", key)
			assert.True(t, utf8.ValidString(value.AsString()), "%s: %q", key, value.AsString())
		}
	}
	id, _ := record.Attributes().Get(IDKey)
	assert.Equal(t, "caf\uFFFD \uFFFD ok", id.Str())
}

// A float has no more than 53 bits for them.
func TestLargeIDsAreExact(t *testing.T) {
	record := onlyRecord(t, NewLogs(scope, Activity{Product: Shopify, ID: "9007199254740993", ObjectID: "18446744073709551615", Attributes: []attribute.KeyValue{
		attribute.Int64("shopify.id", 9007199254740993), attribute.Int64("shopify.largest", math.MaxInt64),
	}}))
	attributes := record.Attributes().AsRaw()
	assert.Equal(t, "9007199254740993", attributes[IDKey])
	assert.Equal(t, "18446744073709551615", attributes[ObjectIDKey])
	assert.Equal(t, int64(9007199254740993), attributes["shopify.id"])
	assert.Equal(t, int64(math.MaxInt64), attributes["shopify.largest"])
}

func TestNeighboursShareAResource(t *testing.T) {
	of := func(product Product, account string) Activity { return Activity{Product: product, Account: account} }
	tests := map[string]struct {
		activities []Activity
		want       []int
	}{
		"none":              {nil, nil},
		"one":               {[]Activity{of(Shopify, "a")}, []int{1}},
		"same":              {[]Activity{of(Shopify, "a"), of(Shopify, "a"), of(Shopify, "a")}, []int{3}},
		"another account":   {[]Activity{of(Shopify, "a"), of(Shopify, "b"), of(Shopify, "b")}, []int{1, 2}},
		"another product":   {[]Activity{of(Shopify, "a"), of(ZIS, "a")}, []int{1, 1}},
		"and the first one": {[]Activity{of(Shopify, "a"), of(Shopify, ""), of(Shopify, "a")}, []int{1, 1, 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			logs := NewLogs(scope, test.activities...)
			var got []int
			i := 0
			for _, resource := range logs.ResourceLogs().All() {
				require.Equal(t, 1, resource.ScopeLogs().Len())
				assert.Equal(t, scope.Name, resource.ScopeLogs().At(0).Scope().Name())
				assert.Equal(t, scope.Version, resource.ScopeLogs().At(0).Scope().Version())
				got = append(got, resource.ScopeLogs().At(0).LogRecords().Len())
				for range resource.ScopeLogs().At(0).LogRecords().Len() {
					product, _ := resource.Resource().Attributes().Get(ServiceNameKey)
					assert.Equal(t, string(test.activities[i].Product), product.Str())
					account, ok := resource.Resource().Attributes().Get(AccountKey)
					assert.Equal(t, test.activities[i].Account != "", ok)
					if ok {
						assert.Equal(t, test.activities[i].Account, account.Str())
					}
					i++
				}
			}
			assert.Equal(t, test.want, got)
		})
	}
}

func TestOrderOfActivities(t *testing.T) {
	var activities []Activity
	for i := range 100 {
		activities = append(activities, Activity{Product: Shopify, ID: fmt.Sprint(i), Account: fmt.Sprint(i / 10)})
	}
	var got []string
	for _, resource := range NewLogs(scope, activities...).ResourceLogs().All() {
		for _, record := range resource.ScopeLogs().At(0).LogRecords().All() {
			id, _ := record.Attributes().Get(IDKey)
			got = append(got, id.Str())
		}
	}
	for i, id := range got {
		assert.Equal(t, fmt.Sprint(i), id)
	}
	assert.Len(t, got, 100)
}

// A redelivered activity has to give the very same record.
func TestSameActivitySameRecord(t *testing.T) {
	marshaler := plog.ProtoMarshaler{}
	first, err := marshaler.MarshalLogs(NewLogs(scope, everything()))
	require.NoError(t, err)
	for range 10 {
		again, err := marshaler.MarshalLogs(NewLogs(scope, everything()))
		require.NoError(t, err)
		require.Equal(t, first, again)
	}
}

func TestNewLogsLeavesTheActivityAlone(t *testing.T) {
	a := everything()
	NewLogs(scope, a)
	assert.Equal(t, everything(), a)
}

func TestErrorMessageIsBounded(t *testing.T) {
	for _, message := range []string{strings.Repeat("x", 2*MaxErrorMessage), strings.Repeat("ä€😀", MaxErrorMessage), strings.Repeat("\xff\x01", MaxErrorMessage)} {
		record := onlyRecord(t, NewLogs(scope, Activity{Product: Shopify, Error: &Failure{Message: message}}))
		got, _ := record.Attributes().Get(ErrorMessageKey)
		assert.LessOrEqual(t, len(got.Str()), MaxErrorMessage)
		assert.True(t, strings.HasSuffix(got.Str(), "…"))
		assert.True(t, utf8.ValidString(got.Str()))
	}
	fits := strings.Repeat("x", MaxErrorMessage)
	record := onlyRecord(t, NewLogs(scope, Activity{Product: Shopify, Error: &Failure{Message: fits}}))
	got, _ := record.Attributes().Get(ErrorMessageKey)
	assert.Equal(t, fits, got.Str())
}

func TestTruncate(t *testing.T) {
	tests := []struct {
		text  string
		limit int
		want  string
	}{
		{"", 0, ""},
		{"", 10, ""},
		{"short", 5, "short"},
		{"short", 6, "short"},
		{"longer", 5, "lo…"},
		{"longer", 4, "l…"},
		{"longer", 3, "…"},
		{"äöü", 6, "äöü"},
		{"äöüß", 7, "äö…"}, // exactly two runes fit
		{"äöüß", 6, "ä…"},  // the border lies in the second
		{"€€€", 8, "€…"},
		{"€€€", 9, "€€€"},
		{"😀😀", 7, "😀…"},
		{"😀😀", 6, "…"},
		{"a😀😀", 7, "a…"},
		{"longer", 2, ""}, // not even the ellipsis fits
		{"longer", 1, ""},
		{"longer", 0, ""},
		{"longer", -1, ""},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%s/%d", test.text, test.limit), func(t *testing.T) {
			assert.Equal(t, test.want, Truncate(test.text, test.limit))
		})
	}
}

func FuzzTruncate(f *testing.F) {
	f.Add("äöü€😀", 7)
	f.Add("\xff\xff\xff\xff\xff", 4)
	f.Add("\x80\x80\x80\x80\x80\x80\x80\x80", 5)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		got := Truncate(text, limit)
		if len(text) <= limit {
			assert.Equal(t, text, got)
			return
		}
		assert.LessOrEqual(t, len(got), max(limit, 0))
		if utf8.ValidString(text) {
			assert.True(t, utf8.ValidString(got), "%q", got)
		}
		if got != "" {
			assert.True(t, strings.HasPrefix(text, strings.TrimSuffix(got, "…")))
		}
	})
}

// Whatever a vendor sends becomes a record that OTLP can carry.
func FuzzNewLogs(f *testing.F) {
	f.Add("id", "description", "shopify.key", "value", int64(1), true)
	f.Add("\xff", "\xc3\x28", "", "\xed\xa0\x80", int64(math.MinInt64), false)
	f.Add("", "", "key", "", int64(0), false)
	f.Fuzz(func(t *testing.T, id, description, key, value string, nanoseconds int64, failed bool) {
		a := Activity{Product: Shopify, ID: id, Description: description, Time: time.Unix(0, nanoseconds), Attributes: []attribute.KeyValue{attribute.String("shopify."+key, value)}}
		if failed {
			a.Error = &Failure{Type: ErrorOther, Code: value, Message: description}
		}
		marshaler, unmarshaler := plog.ProtoMarshaler{}, plog.ProtoUnmarshaler{}
		content, err := marshaler.MarshalLogs(NewLogs(scope, a))
		require.NoError(t, err)
		logs, err := unmarshaler.UnmarshalLogs(content)
		require.NoError(t, err)
		record := onlyRecord(t, logs)
		assert.True(t, utf8.ValidString(record.Body().Str()))
		seen := map[string]bool{}
		for key, value := range record.Attributes().All() {
			assert.True(t, utf8.ValidString(key) && utf8.ValidString(value.AsString()))
			assert.False(t, seen[key], "%q is there twice", key)
			seen[key] = true
		}
		product, _ := record.Attributes().Get(ProductKey)
		assert.Equal(t, "shopify", product.Str())
	})
}

func BenchmarkNewLogs(b *testing.B) {
	for _, n := range []int{1, 100} {
		b.Run(fmt.Sprintf("activities=%d", n), func(b *testing.B) {
			activities := slices.Repeat([]Activity{everything()}, n)
			b.ReportAllocs()
			for b.Loop() {
				if NewLogs(scope, activities...).LogRecordCount() != n {
					b.Fatal("wrong number of records")
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/record")
		})
	}
}
