// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitstest // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/lokilimitstest"

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Case is a record that Loki would not take as it is, or only just.
type Case struct {
	Name string
	// Change makes the record out of a good one.
	Change func(resource plog.ResourceLogs, record plog.LogRecord)
	// Reasons are those for which the record is counted as changed.
	Reasons []string
	// Dropped tells that it is dropped.
	Dropped bool
}

// Logs returns the record of the case between two good ones.
func (c *Case) Logs(now time.Time) plog.Logs {
	logs := Good(now, "before "+c.Name, "the case "+c.Name, "after "+c.Name)
	resource := logs.ResourceLogs().At(0)
	c.Change(resource, resource.ScopeLogs().At(0).LogRecords().At(1))
	return logs
}

// Good returns one record for each id that Loki takes.
func Good(now time.Time, ids ...string) plog.Logs {
	activities := make([]activity.Activity, len(ids))
	for i, id := range ids {
		activities[i] = activity.Activity{
			ID:          id,
			Product:     activity.Shopify,
			Type:        "order",
			Evidence:    activity.Observed,
			Account:     "acme.myshopify.com",
			Time:        now.Add(-time.Minute),
			Observed:    now,
			Status:      activity.Info,
			Description: "Order #1001 created",
			ObjectType:  "order",
			ObjectID:    "1001",
		}
	}
	return activity.NewLogs(activity.Scope{Name: "example.com/receiver", Version: "v1.2.3"}, activities...)
}

func ofRecordOnly(change func(plog.LogRecord)) func(plog.ResourceLogs, plog.LogRecord) {
	return func(_ plog.ResourceLogs, record plog.LogRecord) { change(record) }
}

func withAttribute(key, value string) func(plog.ResourceLogs, plog.LogRecord) {
	return ofRecordOnly(func(record plog.LogRecord) { record.Attributes().PutStr(key, value) })
}

// Nested returns a value that is nested so deep.
func Nested(levels int) pcommon.Value {
	value := pcommon.NewValueStr("deep")
	for range levels {
		outer := pcommon.NewValueMap()
		value.MoveTo(outer.Map().PutEmpty("k"))
		value = outer
	}
	return value
}

// Cases returns records of every kind that Loki refuses, at a time.
func Cases(now time.Time) []Case {
	return append(append(append(timeCases(now), textCases()...), labelCases()...), attributeCases()...)
}

func timeCases(now time.Time) []Case {
	at := pcommon.NewTimestampFromTime
	return []Case{
		{Name: "as it is", Change: func(plog.ResourceLogs, plog.LogRecord) {}},
		{Name: "6 days and 23 hours old", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(at(now.Add(-167 * time.Hour))) })},
		{Name: "8 days old", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(at(now.Add(-192 * time.Hour))) }), Dropped: true},
		{Name: "of 1970", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(1) }), Dropped: true},
		{Name: "4 minutes ahead", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(at(now.Add(4 * time.Minute))) })},
		{Name: "an hour ahead", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(at(now.Add(time.Hour))) }), Reasons: []string{"too_far_ahead"}},
		{Name: "of 2262", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(math.MaxInt64) }), Reasons: []string{"too_far_ahead"}},
		{Name: "beyond 2262", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(NotATime) }), Reasons: []string{"invalid_timestamp"}},
		{Name: "all bits set", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(math.MaxUint64) }), Reasons: []string{"invalid_timestamp"}},
		{Name: "without a timestamp", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetTimestamp(0) }), Reasons: []string{"no_timestamp"}},
		{Name: "without any time", Change: ofRecordOnly(func(r plog.LogRecord) {
			r.SetTimestamp(0)
			r.SetObservedTimestamp(0)
		}), Reasons: []string{"no_timestamp"}},
		{Name: "observed beyond 2262", Change: ofRecordOnly(func(r plog.LogRecord) {
			r.SetTimestamp(0)
			r.SetObservedTimestamp(NotATime)
		}), Reasons: []string{"no_timestamp"}},
		{Name: "observed 8 days ago", Change: ofRecordOnly(func(r plog.LogRecord) {
			r.SetTimestamp(0)
			r.SetObservedTimestamp(at(now.Add(-192 * time.Hour)))
		}), Dropped: true},
	}
}

func textCases() []Case {
	body := func(set func(pcommon.Value)) func(plog.ResourceLogs, plog.LogRecord) {
		return ofRecordOnly(func(r plog.LogRecord) { set(r.Body()) })
	}
	return []Case{
		{Name: "empty line", Change: body(func(v pcommon.Value) { v.SetStr("") })},
		{Name: "no body", Change: body(func(v pcommon.Value) { pcommon.NewValueEmpty().CopyTo(v) })},
		{Name: "300 KB line", Change: body(func(v pcommon.Value) { v.SetStr(strings.Repeat("ü", 150<<10)) }), Reasons: []string{"line_too_large"}},
		{Name: "300 KB map", Change: body(func(v pcommon.Value) { v.SetEmptyMap().PutStr("k", strings.Repeat("\n", 150<<10)) }), Reasons: []string{"line_too_large"}},
		{Name: "300 KB bytes", Change: body(func(v pcommon.Value) { v.SetEmptyBytes().FromRaw(make([]byte, 300<<10)) }), Reasons: []string{"line_too_large"}},
		{Name: "no UTF-8", Change: body(func(v pcommon.Value) { v.SetStr("caf\xe9 \xff\xfe") }), Reasons: []string{"invalid_text"}},
		{Name: "zero bytes and new lines", Change: body(func(v pcommon.Value) { v.SetStr("a\x00b\r\nc\u2028d") })},
		{Name: "number", Change: body(func(v pcommon.Value) { v.SetDouble(math.NaN()) })},
		{Name: "map with NaN", Change: body(func(v pcommon.Value) { v.SetEmptyMap().PutDouble("k", math.NaN()) }), Reasons: []string{"not_json"}},
		{Name: "list", Change: body(func(v pcommon.Value) { v.SetEmptySlice().AppendEmpty().SetStr("x") })},
		{Name: "body of 2000 levels", Change: body(func(v pcommon.Value) { Nested(2000).CopyTo(v) }), Reasons: []string{"too_deep"}},
		{Name: "severity text of 70 KB", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetSeverityText(strings.Repeat("s", 70<<10)) }), Reasons: []string{"metadata_too_large"}},
		{Name: "severity text no UTF-8", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetSeverityText("\xff") }), Reasons: []string{"invalid_text"}},
		{Name: "severity number of no severity", Change: ofRecordOnly(func(r plog.LogRecord) { r.SetSeverityNumber(math.MinInt32) })},
	}
}

func labelCases() []Case {
	ofResource := func(change func(pcommon.Map)) func(plog.ResourceLogs, plog.LogRecord) {
		return func(resource plog.ResourceLogs, _ plog.LogRecord) { change(resource.Resource().Attributes()) }
	}
	return []Case{
		{Name: "no product", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().Remove(activity.ProductKey) }), Reasons: []string{"label_missing"}},
		{Name: "empty product", Change: withAttribute(activity.ProductKey, ""), Reasons: []string{"label_missing"}},
		{Name: "no status", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().Remove(activity.StatusKey) }), Reasons: []string{"label_missing"}},
		{Name: "status in capitals", Change: withAttribute(activity.StatusKey, "FATAL"), Reasons: []string{"unknown_status"}},
		{Name: "product no UTF-8", Change: withAttribute(activity.ProductKey, "shop\xff"), Reasons: []string{"label_invalid", "invalid_text"}},
		{Name: "product with U+FFFD", Change: withAttribute(activity.ProductKey, "shop\uFFFD"), Reasons: []string{"label_invalid"}},
		{Name: "product with control characters", Change: withAttribute(activity.ProductKey, "a\x00\n\"\\\u2028\U000e0001b"), Reasons: []string{"label_invalid"}},
		{Name: "product of 3000 bytes", Change: withAttribute(activity.ProductKey, strings.Repeat("p", 3000)), Reasons: []string{"label_invalid"}},
		{Name: "product is a number", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().PutInt(activity.ProductKey, 7) })},
		{Name: "product is a map", Change: ofRecordOnly(func(r plog.LogRecord) {
			m := r.Attributes().PutEmptyMap(activity.ProductKey)
			for i := range 20 {
				m.PutStr(fmt.Sprint("k", i), "v")
			}
		}), Reasons: []string{"label_invalid"}},
		{Name: "product is a deep map", Change: ofRecordOnly(func(r plog.LogRecord) {
			Nested(2000).CopyTo(r.Attributes().PutEmpty(activity.ProductKey))
		}), Reasons: []string{"label_invalid", "too_deep"}},
		{Name: "no service name", Change: ofResource(func(m pcommon.Map) { m.Remove(activity.ServiceNameKey) }), Reasons: []string{"label_missing"}},
		{Name: "no resource", Change: ofResource(func(m pcommon.Map) { m.Clear() }), Reasons: []string{"label_missing"}},
		{Name: "service name no UTF-8", Change: ofResource(func(m pcommon.Map) { m.PutStr(activity.ServiceNameKey, "\xff") }), Reasons: []string{"label_invalid", "invalid_text"}},
		{Name: "service name of 70 KB", Change: ofResource(func(m pcommon.Map) { m.PutStr(activity.ServiceNameKey, strings.Repeat("s", 70<<10)) }), Reasons: []string{"label_invalid", "metadata_too_large"}},
		{Name: "product on the resource", Change: ofResource(func(m pcommon.Map) { m.PutStr(activity.ProductKey, "zis") }), Reasons: []string{"label_on_resource"}},
		{Name: "service_name on the resource", Change: ofResource(func(m pcommon.Map) { m.PutStr("service_name", "x") }), Reasons: []string{"name_clash"}},
		{Name: "activity.id on the resource", Change: ofResource(func(m pcommon.Map) { m.PutStr(activity.IDKey, "x") }), Reasons: []string{"name_clash"}},
	}
}

func attributeCases() []Case {
	many := func(attributes pcommon.Map, n int) {
		attributes.EnsureCapacity(attributes.Len() + n)
		for i := range n {
			attributes.PutStr(fmt.Sprintf("vendor.field_%03d", i), "v")
		}
	}
	return []Case{
		{Name: "500 attributes", Change: ofRecordOnly(func(r plog.LogRecord) { many(r.Attributes(), 500) }), Reasons: []string{"too_many_attributes"}},
		{Name: "2000 attributes", Change: ofRecordOnly(func(r plog.LogRecord) { many(r.Attributes(), 2000) }), Reasons: []string{"too_many_attributes"}},
		{Name: "500 attributes of the resource", Change: func(rl plog.ResourceLogs, _ plog.LogRecord) { many(rl.Resource().Attributes(), 500) }, Reasons: []string{"too_many_attributes"}},
		{Name: "500 attributes of the scope", Change: func(rl plog.ResourceLogs, _ plog.LogRecord) {
			many(rl.ScopeLogs().At(0).Scope().Attributes(), 500)
		}, Reasons: []string{"too_many_attributes"}},
		{Name: "scope name of 70 KB", Change: func(rl plog.ResourceLogs, _ plog.LogRecord) {
			rl.ScopeLogs().At(0).Scope().SetName(strings.Repeat("s", 70<<10))
		}, Reasons: []string{"metadata_too_large"}},
		{Name: "payload of 70 KB", Change: withAttribute(activity.PayloadKey, strings.Repeat("ü", 35<<10)), Reasons: []string{"metadata_too_large"}},
		{Name: "50 values of 2 KB", Change: ofRecordOnly(func(r plog.LogRecord) {
			for i := range 50 {
				r.Attributes().PutStr(fmt.Sprint("k", i), strings.Repeat("v", 2<<10))
			}
		}), Reasons: []string{"metadata_too_large"}},
		{Name: "attribute of the resource of 70 KB", Change: func(rl plog.ResourceLogs, _ plog.LogRecord) {
			rl.Resource().Attributes().PutStr("k", strings.Repeat("v", 70<<10))
		}, Reasons: []string{"metadata_too_large"}},
		{Name: "id of 600 bytes", Change: withAttribute(activity.IDKey, strings.Repeat("i", 600)), Reasons: []string{"invalid_id"}},
		{Name: "id no UTF-8", Change: withAttribute(activity.IDKey, "id \xff"), Reasons: []string{"invalid_id"}},
		{Name: "id with U+FFFD", Change: withAttribute(activity.IDKey, "id \uFFFD"), Reasons: []string{"invalid_id"}},
		{Name: "value no UTF-8", Change: withAttribute("k", "\xff"), Reasons: []string{"invalid_text"}},
		{Name: "name no UTF-8", Change: withAttribute("k\xff", "v"), Reasons: []string{"invalid_name"}},
		{Name: "name empty", Change: withAttribute("", "v"), Reasons: []string{"invalid_name"}},
		{Name: "name of dots", Change: withAttribute("...", "v"), Reasons: []string{"invalid_name"}},
		{Name: "name in Chinese", Change: withAttribute("订单", "v"), Reasons: []string{"invalid_name"}},
		{Name: "name in German", Change: withAttribute("größe", "v")},
		{Name: "name that begins with a digit", Change: withAttribute("1st", "v")},
		{Name: "name of 3000 bytes", Change: withAttribute(strings.Repeat("n", 3000), "v"), Reasons: []string{"invalid_name"}},
		{Name: "name that breaks metric queries", Change: withAttribute("__error__", "boom"), Reasons: []string{"invalid_name"}},
		{Name: "name of underscores", Change: withAttribute("_____", "v"), Reasons: []string{"invalid_name"}},
		{Name: "names that become the same", Change: ofRecordOnly(func(r plog.LogRecord) {
			r.Attributes().PutStr("a.b", "1")
			r.Attributes().PutStr("a_b", "2")
			r.Attributes().PutStr("a__b", "3")
			r.Attributes().PutStr("a b", "4")
		}), Reasons: []string{"name_clash"}},
		{Name: "names of labels and fields", Change: ofRecordOnly(func(r plog.LogRecord) {
			r.SetSeverityText("INFO")
			r.Attributes().PutStr("service.name", "another")
			r.Attributes().PutStr("severity_text", "another")
			r.Attributes().PutStr("scope.name", "another")
			r.Attributes().PutStr("trace_id", "no clash")
		}), Reasons: []string{"name_clash"}},
		{Name: "nested map", Change: ofRecordOnly(func(r plog.LogRecord) {
			m := r.Attributes().PutEmptyMap("m")
			m.PutStr("", "empty name")
			m.PutEmptyMap("n").PutInt("o", 1)
			m.PutEmptySlice("p").AppendEmpty().SetDouble(1.5)
		})},
		{Name: "nested map with a name of nothing", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().PutEmptyMap("..").PutStr("k", "v") }), Reasons: []string{"invalid_name"}},
		{Name: "empty map with a name of nothing", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().PutEmptyMap("..") }), Reasons: []string{"invalid_name"}},
		{Name: "attribute of 2000 levels", Change: ofRecordOnly(func(r plog.LogRecord) { Nested(2000).CopyTo(r.Attributes().PutEmpty("deep")) }), Reasons: []string{"too_deep"}},
		{Name: "list with NaN", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().PutEmptySlice("l").AppendEmpty().SetDouble(math.Inf(1)) }), Reasons: []string{"not_json"}},
		{Name: "bytes of 70 KB", Change: ofRecordOnly(func(r plog.LogRecord) { r.Attributes().PutEmptyBytes("b").FromRaw(make([]byte, 70<<10)) }), Reasons: []string{"metadata_too_large"}},
	}
}

// Random returns records of which much is wrong at once. Equal seeds make equal
// records; no two records have the same time.
func Random(seed uint64, now time.Time, records int) plog.Logs {
	rng := rand.New(rand.NewPCG(seed, 0))
	cases := Cases(now)
	logs := plog.NewLogs()
	for n := range records {
		made := Good(now, fmt.Sprintf("random %d %d", seed, n))
		resource := made.ResourceLogs().At(0)
		record := resource.ScopeLogs().At(0).LogRecords().At(0)
		for range rng.IntN(5) {
			cases[rng.IntN(len(cases))].Change(resource, record)
		}
		for range rng.IntN(30) {
			randomValue(rng, record.Attributes().PutEmpty(randomText(rng)), 0)
		}
		for range rng.IntN(4) {
			randomValue(rng, resource.Resource().Attributes().PutEmpty(randomText(rng)), 0)
		}
		if rng.IntN(4) == 0 {
			randomValue(rng, record.Body(), 0)
		}
		if record.Timestamp() != 0 {
			record.SetTimestamp(record.Timestamp() - pcommon.Timestamp(n))
		}
		made.ResourceLogs().MoveAndAppendTo(logs.ResourceLogs())
	}
	return logs
}

var fragments = []string{
	"a", "b", "_", "__", ".", "-", "1", " ", "é", "订", "\xff", "\xe2\x82", "\uFFFD", "\x00", "\n", "\"", "\\", "{", "}",
	"product", "status", "service", "name", "error", "id", "activity", "severity_text", "trace_id", "flags", "🙂",
}

func randomText(rng *rand.Rand) string {
	var b strings.Builder
	for range rng.IntN(6) {
		b.WriteString(fragments[rng.IntN(len(fragments))])
	}
	if rng.IntN(40) == 0 {
		return strings.Repeat(b.String(), rng.IntN(2000))
	}
	return b.String()
}

func randomValue(rng *rand.Rand, value pcommon.Value, depth int) {
	kinds := 8
	if depth > 12 {
		kinds = 6
	}
	switch rng.IntN(kinds) {
	case 0, 1:
		value.SetStr(randomText(rng))
	case 2:
		value.SetInt(int64(rng.Uint64()))
	case 3:
		value.SetDouble([]float64{0, 1.5, math.NaN(), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64}[rng.IntN(6)])
	case 4:
		value.SetBool(rng.IntN(2) == 0)
	case 5:
		value.SetEmptyBytes().FromRaw([]byte(randomText(rng)))
	case 6:
		attributes := value.SetEmptyMap()
		for range rng.IntN(4) {
			randomValue(rng, attributes.PutEmpty(randomText(rng)), depth+1)
		}
	case 7:
		slice := value.SetEmptySlice()
		for range rng.IntN(4) {
			randomValue(rng, slice.AppendEmpty(), depth+1)
		}
	}
}
