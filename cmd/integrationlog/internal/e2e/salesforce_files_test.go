// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
)

const (
	callsOnly = `{product="salesforce"} | activity_type = "api_call"`
	// callLabel is where Loki has what tells calls apart.
	callLabel = "salesforce_request_id"
	// settled is how old a file has to be to be read.
	settled = 6 * time.Minute
)

// logFiles are those that an organization with Event Monitoring writes of yesterday: hourly
// ones, some of which come later than the daily one with the same calls, a daily one that is
// replaced again and again, and ApiTotalUsage's with the same calls once more. ApiTotalUsage's
// of the day before has calls of its own.
type logFiles struct {
	org    *organization
	random *rand.Rand
	day    time.Time
	// files counts them, calls the calls, sequences the files of each hour.
	files, calls int
	sequences    [24]int
	daily, usage string
	// rest and total are all lines of the two files of the day.
	rest, total []salesforce.Line
	late        []salesforce.LogFile
	ledger      map[string]bool
	mu          sync.Mutex
}

// newLogFiles writes the files that are there from the beginning.
func newLogFiles(org *organization, seed int) *logFiles {
	f := &logFiles{
		org: org, random: rand.New(rand.NewPCG(uint64(seed), 4)), ledger: map[string]bool{},
		day: time.Now().UTC().Truncate(24 * time.Hour).Add(-24 * time.Hour),
	}
	// More than is handed over at once.
	const many = 700
	var before []salesforce.Line
	for range many {
		line, _ := f.call(f.day.Add(-time.Duration(1+f.random.IntN(24*60*60-1)) * time.Second))
		before = append(before, line)
	}
	f.add(salesforce.LogFile{
		EventType: "ApiTotalUsage", LogDate: f.day.Add(-24 * time.Hour), CreatedDate: time.Now().Add(-7 * time.Hour),
		Content: salesforce.CSV(salesforce.APITotalUsageColumns, before...),
	})
	f.daily = f.add(salesforce.LogFile{EventType: "RestApi", LogDate: f.day, CreatedDate: time.Now().Add(-settled), Content: salesforce.CSV(salesforce.RestAPIColumns)})
	f.usage = f.add(salesforce.LogFile{
		EventType: "ApiTotalUsage", LogDate: f.day, CreatedDate: time.Now().Add(-settled), Content: salesforce.CSV(salesforce.APITotalUsageColumns),
	})
	return f
}

func (f *logFiles) add(file salesforce.LogFile) (id string) {
	f.files++
	return f.org.AddLogFile(file)
}

// call makes a call, as both kinds of file tell it. Two of three fail.
func (f *logFiles) call(at time.Time) (total, rest salesforce.Line) {
	f.calls++
	status, exception := http.StatusCreated, ""
	if f.calls%3 > 0 {
		status, exception = http.StatusBadRequest, "DUPLICATES_DETECTED: Use one of these records?"
	}
	total, rest = f.org.APICall(f.calls, at, status), f.org.RestCall(f.calls, at, status, exception)
	if exception != "" {
		f.ledger[rest["REQUEST_ID"]] = true
	}
	return total, rest
}

// write writes an hourly file of some calls, or puts it off, and now and then replaces those
// of the day with ones that have them all.
func (f *logFiles) write() {
	f.mu.Lock()
	defer f.mu.Unlock()
	hour := f.random.IntN(len(f.sequences))
	begin := f.day.Add(time.Duration(hour) * time.Hour)
	f.sequences[hour]++
	var lines []salesforce.Line
	for range 1 + f.random.IntN(12) {
		total, rest := f.call(begin.Add(time.Duration(f.random.IntN(60*60)) * time.Second))
		lines, f.rest, f.total = append(lines, rest), append(f.rest, rest), append(f.total, total)
	}
	file := salesforce.LogFile{
		EventType: "RestApi", Hourly: true, Sequence: f.sequences[hour], LogDate: begin, Content: salesforce.CSV(salesforce.RestAPIColumns, lines...),
	}
	if f.random.IntN(3) == 0 {
		f.late = append(f.late, file)
	} else {
		file.CreatedDate = time.Now().Add(-settled)
		f.add(file)
	}
	switch f.random.IntN(5) {
	case 0:
		f.replaceDaily()
	case 1:
		f.addLate()
	}
}

// replace makes sure that there is a file that was not read yet.
func (f *logFiles) replace() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.replaceDaily()
}

func (f *logFiles) replaceDaily() {
	f.random.Shuffle(len(f.rest), func(i, j int) { f.rest[i], f.rest[j] = f.rest[j], f.rest[i] })
	created := time.Now().Add(-settled)
	f.org.ReplaceLogFile(f.daily, salesforce.CSV(salesforce.RestAPIColumns, f.rest...), created)
	f.org.ReplaceLogFile(f.usage, salesforce.CSV(salesforce.APITotalUsageColumns, f.total...), created)
}

func (f *logFiles) addLate() {
	for _, file := range f.late {
		file.CreatedDate = time.Now().Add(-settled)
		f.add(file)
	}
	f.late = nil
}

// complete writes what is still missing.
func (f *logFiles) complete() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.replaceDaily()
	f.addLate()
}

// requireInLoki requires that list and count have each failed call once, and no other.
func (f *logFiles) requireInLoki(t *testing.T, loki *harness.Loki, within time.Duration) {
	t.Helper()
	harness.Eventually(t, within, func(ctx context.Context) error { return storedBy(ctx, loki, callsOnly, callLabel, f.ledger, nil) })
}

// awaitRequest waits until the organization was asked for something.
func awaitRequest(t *testing.T, org *organization, path string) {
	t.Helper()
	harness.Eventually(t, 30*time.Second, func(context.Context) error {
		if len(org.Requests(path)) == 0 {
			return fmt.Errorf("nobody has asked for %s", path)
		}
		return nil
	})
	require.NotEmpty(t, org.Requests(path))
}
