// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestLabels(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	record := activity.NewLogs(testScope, happened("a", time.Minute))
	// What a collector's resource may carry beside.
	resource := record.ResourceLogs().At(0).Resource().Attributes()
	resource.PutStr("service.instance.id", "replica-1")
	resource.PutStr("k8s.pod.name", "pod-1")
	status, body := loki.tryPush(t, record)
	require.Equal(t, http.StatusNoContent, status, body)

	assert.ElementsMatch(t, []string{"product", "service_name", "service_namespace", "status", "__time_shard__"}, loki.labels(t))
	assert.Equal(t, []string{"a"}, loki.ids(t, `{product="shopify", status="info"}`))
	assert.Equal(t, []string{"a"}, loki.ids(t, `{service_name="shopify"} | activity_type="order" | integration_account="acme.myshopify.com"`))
	assert.Empty(t, loki.ids(t, `{product="shopify", status="error"}`))
	assert.Empty(t, loki.ids(t, all+` | detected_level!=""`), "the level is not discovered")
}

func TestLateRecordsAreTakenAndVisibleAtOnce(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	loki.push(t, happened("live", 0))
	want := []string{"live"}
	for i, ago := range []time.Duration{
		10 * time.Second, 59 * time.Minute, 61 * time.Minute, 2*time.Hour + 42*time.Minute,
		6 * time.Hour, 3 * day, 6*day + 23*time.Hour,
	} {
		late := happened(fmt.Sprintf("late-%d", i), ago)
		loki.push(t, late)
		want = append(want, late.ID)
		require.ElementsMatch(t, want, loki.ids(t, all), "%s late", ago)
		require.Equal(t, len(want), loki.count(t), "%s late", ago)
	}
	loki.push(t, happened("ahead", -9*time.Minute))
	want = append(want, "ahead")
	assert.ElementsMatch(t, want, loki.ids(t, all))

	assert.Equal(t, http.StatusNoContent, flush(t, loki))
	assert.ElementsMatch(t, want, loki.ids(t, all), "after they were written to disk")
}

// flush makes Loki write what is in memory to disk.
func flush(t *testing.T, loki lokiClient) int {
	t.Helper()
	status, _ := loki.do(t, http.MethodPost, "/flush", "", nil)
	return status
}

// An answer about the past is not kept: a late record would be missing in it.
func TestALateRecordIsInTheNextAnswer(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	end := time.Now().Truncate(time.Hour).Add(-time.Hour)
	loki.push(t, happened("first", 3*day))
	for range 2 {
		require.Equal(t, 1, loki.countByHour(t, end))
	}
	loki.push(t, happened("second", 3*day))
	assert.Equal(t, 2, loki.countByHour(t, end))
}

func TestWhatIsOutsideTheLog(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	loki.push(t, happened("inside", 7*day-time.Minute), happened("outside", 7*day+time.Hour+time.Minute), happened("waited", 13*day))
	assert.Equal(t, []string{"inside"}, loki.ids(t, all))
	assert.Equal(t, 1, loki.count(t))

	for name, ago := range map[string]time.Duration{"too old": 14*day + time.Minute, "too new": -11 * time.Minute} {
		status, body := loki.tryPush(t, activity.NewLogs(testScope, happened(name, ago)))
		assert.Equal(t, http.StatusBadRequest, status)
		assert.Contains(t, body, "has timestamp "+name)
	}
}

func TestARecordThatIsSentAgainIsStoredOnce(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	// The first crosses the age at which Loki's own time sharding would begin, while
	// it waits to be sent again.
	crossing := 40*time.Minute - 500*time.Millisecond
	now := time.Now()
	records := []activity.Activity{
		happenedAt("crossing", now.Add(-crossing)),
		happenedAt("ahead", now.Add(2*time.Second)),
		happenedAt("recent", now.Add(-10*time.Second)),
		happenedAt("old", now.Add(-6*day)),
	}
	// Each alone: the last record of a stream is recognised in another way.
	for _, r := range records {
		loki.push(t, r)
	}
	loki.push(t, happenedAt("last", now.Add(-10*time.Second)))

	require.Eventually(t, func() bool { return time.Since(now) > 2500*time.Millisecond }, 5*time.Second, 50*time.Millisecond,
		"time passes: the first is older than 40 minutes then, the second is past")
	loki.push(t, records...)
	assert.ElementsMatch(t, []string{"crossing", "ahead", "recent", "old", "last"}, loki.ids(t, all))
	assert.Equal(t, 5, loki.count(t))
}

func TestRecordsThatDifferOnlyInTheirIDAreAllStored(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	at := time.Now().Add(-time.Minute)
	var records []activity.Activity
	for i := range 100 {
		records = append(records, happenedAt(fmt.Sprintf("id-%d", i), at))
	}
	for range 2 {
		loki.push(t, records...)
		assert.Len(t, loki.ids(t, all), 100)
		assert.Equal(t, 100, loki.count(t))
	}
}

// What the exporter has under way when it is killed comes again, in whole.
func TestManyRecordsAreRecognisedAgain(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	const batches, size = 8, 500
	now := time.Now()
	send := func() {
		for batch := range batches {
			var records []activity.Activity
			for i := range size {
				records = append(records, happenedAt(fmt.Sprintf("%d-%d-3f1d2a5e-0f0b-4a6e-9a52-6a4ee3e0c0de", batch, i), now.Add(-time.Duration(i)*time.Millisecond)))
			}
			loki.push(t, records...)
		}
	}
	send()
	require.Equal(t, batches*size, loki.count(t))
	send()
	assert.Equal(t, batches*size, loki.count(t))
}

func TestALargeAnswer(t *testing.T) {
	_, loki := startLoki(t, testConfig(t.TempDir()))
	now := time.Now()
	for batch := range 10 {
		var records []activity.Activity
		for i := range 500 {
			record := happenedAt(fmt.Sprintf("%d-%d", batch, i), now.Add(-time.Duration(batch*500+i)*time.Second))
			record.Payload = fmt.Sprintf("%d%2000d", batch, i)
			records = append(records, record)
		}
		loki.push(t, records...)
	}
	assert.Len(t, loki.ids(t, all), 5000, "10 MB in one answer")
}
