// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package redaction

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	otelattribute "go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// ids are ids that look like what is masked in free text.
var ids = []string{
	"4111111111111111",
	"4111 1111 1111 1111",
	"378282246310005",
	"9007199254740993",
	"820982911946154508",
	"+33612345678",
	"33612345678",
	"555-123-4567",
	"06 12 34 56 78",
	"jane.doe@example.com",
	"CAF-1234@mail.example.com",
	"acme.myshopify.com/orders/create/b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2",
	"gid://shopify/Order/4111111111111111",
	"b1946ac9-2492-4d23-94f7-5ed9b3d5a1d2",
	"12345678-1234-1234-1234-123456789012",
	"01HAN7ZK9V4SX2T6B3M5Q8R0YC",
	"5003000000D8cuIQAR",
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dGhpc2lz",
	"shpat_0123456789abcdef0123456789abcdef",
	"Bearer abc123def456",
	"token=0123456789abcdef",
}

// idKeys are names under which ids stand, ours and such as vendors may have.
var idKeys = []string{
	activity.AccountKey, activity.ProductKey, activity.StatusOriginalKey, activity.TypeKey, activity.EvidenceKey,
	activity.IDKey, activity.IntegrationNameKey, activity.ObjectTypeKey, activity.ObjectIDKey, activity.ErrorTypeKey,
	activity.ErrorCodeKey, activity.SourceTimestampKey, activity.ServiceNameKey, activity.ServiceNamespaceKey,
	"shopify.order.id", "shopify.order.name", "shopify.customer.id", "shopify.webhook.id", "shopify.event.id", "shopify.topic",
	"salesforce.record.id", "salesforce.replay_id", "sunco.conversation.id", "sunco.message.id", "zis.flow", "zis.sequence_id",
	"bot.conversation", "id", "e", "d", "sage", "load", "some.page", "messages", "payloads", "message.id", "payload_hash", "",
}

func TestIDsAreNeverTouched(t *testing.T) {
	logs := newLogs(activity.Activity{ID: "1", Product: activity.Shopify, Status: activity.Info, Account: "4111111111111111"})
	resource := logs.ResourceLogs().At(0)
	for i, key := range idKeys {
		resource.Resource().Attributes().PutStr(key, ids[i%len(ids)])
		resource.ScopeLogs().At(0).Scope().Attributes().PutStr(key, ids[i%len(ids)])
	}
	template := resource.ScopeLogs().At(0).LogRecords().At(0)
	template.SetSeverityNumber(plog.SeverityNumberInfo)
	template.SetSeverityText("info")
	for _, id := range ids {
		record := resource.ScopeLogs().At(0).LogRecords().AppendEmpty()
		template.CopyTo(record)
		record.SetEventName(id)
		for _, key := range idKeys {
			record.Attributes().PutStr(key, id)
		}
	}
	require.Equal(t, logs, newPipeline(t).send(t, logs))
}

func TestNumbersAndStructuresAreNeverTouched(t *testing.T) {
	logs := newLogs(activity.Activity{ID: "1", Product: activity.Shopify, Status: activity.Info})
	record := records(logs)[0]
	record.SetSeverityNumber(plog.SeverityNumberInfo)
	record.SetSeverityText("info")
	attributes := record.Attributes()
	// Free text that is no text.
	attributes.PutInt("a.message", 4111111111111111)
	attributes.PutDouble("b.message", 4111111111111111)
	attributes.PutBool("c.message", true)
	attributes.PutEmptyBytes("d.message").FromRaw([]byte("jane@example.com"))
	attributes.PutEmptySlice("e.message").AppendEmpty().SetStr("jane@example.com")
	attributes.PutEmptyMap("f.message").PutStr("message", "jane@example.com")
	attributes.PutEmpty("g.message")
	require.Equal(t, logs, newPipeline(t).send(t, logs))
}

func TestActivitiesStayApart(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	var activities []activity.Activity
	for i := range 1000 {
		// Card numbers, phone numbers and addresses that differ in what is masked in text.
		for _, id := range []string{
			fmt.Sprintf("4111111111%06d", i), fmt.Sprintf("+336123%05d", i), fmt.Sprintf("jane%d@example.com", i),
		} {
			activities = append(activities, activity.Activity{
				ID: id, Product: activity.Shopify, Time: at, Description: "Order for " + id + " created",
			})
		}
	}
	sent := newLogs(activities...)
	p := newPipeline(t)
	got := p.send(t, sent)

	seen := make(map[string]bool)
	for i, record := range records(got) {
		require.Equal(t, "Order for **** created", record.Body().Str())
		require.Equal(t, activities[i].ID, attribute(t, record, activity.IDKey))
		seen[attribute(t, record, activity.IDKey)] = true
	}
	require.Len(t, seen, len(activities))
	require.Equal(t, got, p.send(t, sent), "a redelivery must become the very same records")
}

func TestNothingIsAddedAboutWhatWasMasked(t *testing.T) {
	logs := newLogs(activity.Activity{
		ID: "1", Product: activity.Shopify, Description: "to jane@example.com",
		Error:      &activity.Failure{Type: activity.ErrorOther, Message: "to +33612345678"},
		Attributes: []otelattribute.KeyValue{otelattribute.String("shopify.order.id", "1001")},
	})
	record := records(newPipeline(t).send(t, logs))[0]
	require.Equal(t, map[string]any{
		"product": "shopify", "activity.id": "1", "status": "info", "error.type": "_OTHER", "error.message": "to ****",
		"shopify.order.id": "1001",
	}, record.Attributes().AsRaw())
}

func TestStructuredBodies(t *testing.T) {
	logs := newLogs(activity.Activity{ID: "1", Product: activity.Actions})
	require.NoError(t, records(logs)[0].Body().FromRaw(map[string]any{
		"message": "to jane@example.com", "id": "4111111111111111", "number": 4111111111111111,
		"error": map[string]any{"message": "to jane@example.com"},
		"list":  []any{"to jane@example.com"},
	}))
	require.Equal(t, map[string]any{
		"message": "to ****", "id": "4111111111111111", "number": int64(4111111111111111),
		// What docs/redaction.md says it cannot see.
		"error": map[string]any{"message": "to jane@example.com"},
		"list":  []any{"to jane@example.com"},
	}, records(newPipeline(t).send(t, logs))[0].Body().Map().AsRaw())
}

func freeText(key string) bool {
	for _, suffix := range []string{"message", "Message", "payload", "Payload"} {
		if strings.HasSuffix(key, suffix) {
			return true
		}
	}
	return false
}

func keyPattern(tb testing.TB) *regexp.Regexp {
	tb.Helper()
	cfg := settings(tb)
	require.Len(tb, cfg.IgnoredKeyPatterns, 1)
	for _, key := range cfg.IgnoredKeys {
		require.False(tb, freeText(key), key)
	}
	return regexp.MustCompile(cfg.IgnoredKeyPatterns[0])
}

// TestKeyPatternExhaustively takes each way in which a name may differ from a name of
// free text.
func TestKeyPatternExhaustively(t *testing.T) {
	pattern := keyPattern(t)
	check := func(key string) {
		require.Equal(t, !freeText(key), pattern.MatchString(key), "%q", key)
	}
	check("")
	for _, suffix := range []string{"message", "Message", "payload", "Payload"} {
		for i := range len(suffix) + 1 {
			for _, before := range []string{"", "error.", "x", "\n", "é", "\xff", suffix} {
				check(before + suffix[i:])
				check(before + suffix[:i])
				for c := range 256 {
					check(before + string([]byte{byte(c)}) + suffix[i:])
					check(before + suffix[:i] + string(rune(c)) + suffix[i:])
				}
			}
		}
	}
}

func FuzzOnlyFreeTextIsTouched(f *testing.F) {
	for i, id := range ids {
		f.Add(idKeys[i%len(idKeys)], id)
	}
	f.Add("x.message", "to jane@example.com")
	f.Add("error.messagE", "to jane@example.com")
	pattern := keyPattern(f)
	p := newPipeline(f)
	f.Fuzz(func(t *testing.T, key, value string) {
		require.Equal(t, !freeText(key), pattern.MatchString(key))
		if freeText(key) || key == activity.StatusKey {
			return
		}
		logs := newLogs(activity.Activity{ID: "1", Product: activity.Shopify, Status: activity.Info})
		record := records(logs)[0]
		record.SetSeverityNumber(plog.SeverityNumberInfo)
		record.SetSeverityText("info")
		record.Attributes().PutStr(key, value)
		logs.ResourceLogs().At(0).Resource().Attributes().PutStr(key, value)
		require.Equal(t, logs, p.send(t, logs))
	})
}

// requireLargeNumberStays requires that a number above 2^53 stays in a sentence.
func requireLargeNumberStays(t *testing.T, p pipeline, n uint64) {
	t.Helper()
	n |= 1<<53 + 1
	var activities []activity.Activity
	for _, sentence := range []string{
		"Order %d created", "Order #%d created", "%d", "gid://shopify/Order/%d", "Fulfillment order %d of order #1001", "(%d)", `{"id":%d}`,
		"+%d", "phone %d",
	} {
		activities = append(activities, activity.Activity{ID: "1", Product: activity.Shopify, Description: fmt.Sprintf(sentence, n)})
	}
	for i, record := range records(p.send(t, newLogs(activities...))) {
		require.Equal(t, activities[i].Description, record.Body().Str())
	}
}

func TestLargeNumbersStay(t *testing.T) {
	p := newPipeline(t)
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		requireLargeNumberStays(t, p, random.Uint64()>>random.UintN(12))
	}
}

func FuzzLargeNumbersStay(f *testing.F) {
	for _, n := range []uint64{0, 1 << 53, 4111111111111111, 820982911946154508, 1<<64 - 1} {
		f.Add(n)
	}
	p := newPipeline(f)
	f.Fuzz(func(t *testing.T, n uint64) { requireLargeNumberStays(t, p, n) })
}
