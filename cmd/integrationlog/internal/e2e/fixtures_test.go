// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// marks match what the fixtures of all receivers mark as personal or secret: in fields
// "canary" and a phone number, which stands in WhatsApp's ids in base64 too, in free text
// an address, a card's and a phone's number and tokens.
var marks = regexp.MustCompile(`(?i)canary|5550199123|203\.0\.113\.77|436605550143|NDM2NjA1NTUwMTQz|gBEGQ2YFVQ|` +
	`free-text|6 12 34 56 78|612 345 678|555-123-4567|4111.?1111|xoxb|shpat_|sk_live|ghp_|AKIA0123|eyJhbG|abcd1234567|abcDEFghij|00D00000`)

// fixture is a request as a vendor makes it, and the records that are expected of it.
type fixture struct {
	name    string
	request *http.Request
	want    []plog.LogRecord
}

// Every fixture of every receiver gets through the real binary into Loki, under its
// product, status and type, and nothing that is marked gets anywhere.
func TestFixturesOfAllProducts(t *testing.T) {
	all := install(t)
	all.Configure("receivers::sunshine_conversations::include_deliveries: true")
	process, _ := all.Run(t)
	var replies strings.Builder
	for product, fixtures := range fixturesOf(t, all) {
		var want []plog.LogRecord
		for _, f := range fixtures {
			answer, err := all.Shop.Do(f.request)
			require.NoError(t, err)
			require.Equal(t, http.StatusOK, answer.Code, f.name)
			fmt.Fprintln(&replies, answer)
			want = append(want, f.want...)
		}
		require.NotEmpty(t, want, product)
		entries := awaitEntries(t, all.Loki, fmt.Sprintf(`{product=%q}`, product), len(want))
		byID(t, entries) // requires that each has an id of its own
		requireRecords(t, product, want, entries)
		for _, entry := range entries {
			require.NotRegexp(t, marks, fmt.Sprint(entry))
			require.NotEmpty(t, entry.Labels["activity_type"])
			if entry.Labels["status"] == "error" {
				require.NotEmpty(t, entry.Labels["error_type"], entry.Line)
			}
		}
	}
	metrics := all.ReadText(t, all.TelemetryURL())
	require.Contains(t, metrics, "otelcol_webhook_delivery_delay")
	process.Stop(t)
	for what, text := range map[string]string{
		"replies": replies.String(), "metrics": metrics, "output": process.Stdout.String(), "log": process.Stderr.String(),
	} {
		require.NotEmpty(t, text, what)
		require.NotRegexp(t, marks, text, what)
		for _, pushed := range harness.PushedProducts {
			require.NotContains(t, text, pushed.Secret, what)
		}
	}
}

// requireRecords requires an entry for each record: the same sentence, but for what was
// masked, the same type, and the same status where the source told one of the four.
func requireRecords(t *testing.T, product string, want []plog.LogRecord, entries []harness.Entry) {
	t.Helper()
	left := entries
	for _, record := range want {
		found := -1
		for i, entry := range left {
			if isEntryOf(record, entry) {
				found = i
				break
			}
		}
		if !assert.NotEqual(t, -1, found, "%s: no entry for %q %v", product, record.Body().Str(), record.Attributes().AsRaw()) {
			continue
		}
		left = append(left[:found:found], left[found+1:]...)
	}
	for _, entry := range left {
		assert.Fail(t, "an entry that nobody expects", "%s: %v", product, entry)
	}
}

func isEntryOf(record plog.LogRecord, entry harness.Entry) bool {
	attribute := func(name string) string {
		if value, ok := record.Attributes().Get(name); ok {
			return value.AsString()
		}
		return ""
	}
	switch status := attribute("status"); status {
	case "debug", "info", "warning", "error":
		if entry.Labels["status"] != status {
			return false
		}
	}
	return entry.Labels["activity_type"] == attribute("activity.type") && entry.Labels["error_type"] == attribute("error.type") &&
		entry.Labels["integration_name"] == attribute("integration.name") && isMasked(entry.Line, record.Body().Str())
}

// isMasked tells whether a line is a sentence, parts of which have become ****: short ones,
// and not all of it.
func isMasked(line, sentence string) bool {
	const minKept = 4
	parts := strings.Split(line, "****")
	if len(parts) > 1 && len(strings.TrimSpace(strings.Join(parts, ""))) < minKept {
		return false
	}
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	return regexp.MustCompile(`(?s)\A` + strings.Join(parts, `.{1,80}`) + `\z`).MatchString(sentence)
}

// TestIsMasked: the check of the fixtures can fail.
func TestIsMasked(t *testing.T) {
	for line, want := range map[string]bool{
		"Order sent to jane@example.com by bot":    true,
		"Order sent to **** by bot":                true,
		"Order sent to **** by ****":               true,
		"Order sent to **** by":                    false,
		"Order sent to jane by bot":                false,
		"Order sent to****jane@example.com by bot": true,
		"****":       false,
		" **** ****": false,
		"":           false,
	} {
		require.Equal(t, want, isMasked(line, "Order sent to jane@example.com by bot"), line)
	}
	require.False(t, isMasked("Order ****", "Order "+strings.Repeat("x", 81)))
}

// fixturesOf reads the fixtures of all receivers, by product, with times that Loki takes.
func fixturesOf(t *testing.T, all *harness.Installation) map[string][]fixture {
	t.Helper()
	byProduct := map[string][]fixture{}
	for _, directory := range fixtureDirectories(t, "shopifyreceiver") {
		var header map[string]string
		require.NoError(t, json.Unmarshal(fresh(readFixture(t, directory, "headers.json")), &header))
		body := fresh(readFixture(t, directory, "body.json"))
		request := newPost(t, all.Shop.URL, body)
		signature := "X-Shopify-Hmac-Sha256"
		for name, value := range header {
			request.Header.Set(name, value)
			if strings.EqualFold(name, "Shopify-Topic") {
				signature = "Shopify-Hmac-Sha256"
			}
		}
		request.Header.Set(signature, all.Shop.Sign(body))
		byProduct["shopify"] = append(byProduct["shopify"], fixture{directory, request, expected(t, directory)})
	}
	for _, pushed := range harness.PushedProducts {
		for _, directory := range fixtureDirectories(t, pushed.Receiver) {
			name, mediaType := "body.json", "application/json"
			if _, err := os.Stat(filepath.Join(directory, name)); err != nil {
				name, mediaType = "body.ndjson", "application/x-ndjson"
			}
			request := newPost(t, all.PushURL(pushed.Product), fresh(readFixture(t, directory, name)))
			request.Header.Set("Content-Type", mediaType)
			request.Header.Set("X-API-Key", pushed.Secret)
			product := string(pushed.Product)
			byProduct[product] = append(byProduct[product], fixture{directory, request, expected(t, directory)})
		}
	}
	return byProduct
}

// fixtureDirectories returns those with a body and the records that are expected of it.
func fixtureDirectories(t *testing.T, receiver string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(harness.Repository(), "receivers", receiver, "testdata", "*", "*", "expected.yaml"))
	require.NoError(t, err)
	require.Greater(t, len(files), 5, receiver)
	directories := make([]string, 0, len(files))
	for _, file := range files {
		directories = append(directories, filepath.Dir(file))
	}
	return directories
}

func readFixture(t *testing.T, directory, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(directory, name))
	require.NoError(t, err)
	return content
}

func newPost(t *testing.T, url string, body []byte) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	return request
}

func expected(t *testing.T, directory string) []plog.LogRecord {
	t.Helper()
	logs, err := golden.ReadLogs(filepath.Join(directory, "expected.yaml"))
	require.NoError(t, err)
	var records []plog.LogRecord
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				records = append(records, record)
			}
		}
	}
	return records
}

// The times that fixtures have: RFC 3339 and its relatives, and seconds or milliseconds
// since 1970 under the name that they have there.
var (
	dates = regexp.MustCompile(`\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d`)
	epoch = regexp.MustCompile(`("timestamp": ?"?)(\d{10})(\d{3})?\b`)
)

// fresh moves all times of a fixture to the last hour, because Loki takes none that is
// older than the log.
func fresh(content []byte) []byte {
	now := time.Now().UTC().Add(-time.Minute)
	content = dates.ReplaceAllFunc(content, func(date []byte) []byte {
		at, err := time.Parse("2006-01-02T15:04:05", strings.Replace(string(date), " ", "T", 1))
		if err != nil {
			return date
		}
		moved := now.Truncate(time.Hour).Add(-time.Duration(59-at.Minute())*time.Minute + time.Duration(at.Second())*time.Second)
		return []byte(moved.Format("2006-01-02" + string(date[10]) + "15:04:05"))
	})
	return epoch.ReplaceAll(content, fmt.Appendf(nil, "${1}%d${3}", now.Unix()))
}
