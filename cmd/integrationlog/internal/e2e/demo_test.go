// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/internal/activity"
)

const (
	// filled is how long the demo may take to fill the log on a busy machine.
	filled = 2 * time.Minute
	// firstContent is how long it may take until there is something to look at.
	firstContent = 10 * time.Second
)

// demoRun is a demo that runs, with a temporary directory of its own.
type demoRun struct {
	*harness.Process

	tmp string
}

// runDemo starts the demo while somebody else has the usual ports.
func runDemo(t *testing.T, arguments ...string) demoRun {
	t.Helper()
	for _, usual := range []string{"127.0.0.1:3100", "127.0.0.1:8700", "127.0.0.1:8080", "127.0.0.1:9464"} {
		// Where that fails it is taken already.
		if listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", usual); err == nil {
			t.Cleanup(func() { _ = listener.Close() })
		}
	}
	tmp := t.TempDir()
	process := harness.Start(t, harness.Command{
		Path: binaries.AllInOne(t), Args: append([]string{"demo"}, arguments...), Dir: t.TempDir(),
		// What somebody has set for a log of their own is not touched.
		Env: []string{"TMPDIR=" + tmp, "INTEGRATIONLOG_DATA_DIR=/nowhere", "SHOPIFY_WEBHOOK_SECRET=mine", "ZENDESK_URL=https://acme.zendesk.com"},
	})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("stdout:\n%s\nstderr:\n%s", process.Stdout, process.Stderr)
		}
	})
	return demoRun{process, tmp}
}

// await waits until the demo has said something, and returns what the pattern's groups
// matched.
func (d demoRun) await(t *testing.T, pattern string) []string {
	t.Helper()
	var match []string
	harness.Eventually(t, filled, func(context.Context) error {
		if match = regexp.MustCompile(pattern).FindStringSubmatch(d.Stdout.String()); match != nil {
			return nil
		}
		if d.HasEnded() {
			return errors.New("the demo has ended")
		}
		return fmt.Errorf("it has not said %s", pattern)
	})
	require.NotNil(t, match)
	return match
}

// requireNothingLeft requires that the demo has ended well, and left neither data nor a
// process.
func (d demoRun) requireNothingLeft(t *testing.T, loki string) {
	t.Helper()
	d.Wait(t)
	assert.Zero(t, d.ExitCode())
	assert.Empty(t, d.Stderr.String())
	assert.NotContains(t, d.Stdout.String(), "of the collector:", "it has nothing to complain about")
	left, err := os.ReadDir(d.tmp)
	require.NoError(t, err)
	assert.Empty(t, left)
	if loki != "" {
		_, err = (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(loki, "http://"))
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	}
}

func numberOf(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(strings.ReplaceAll(text, ",", ""))
	require.NoError(t, err)
	return n
}

// TestDemo: what the demo says it has sent is in the log, each activity once, of all
// products and all seven days.
func TestDemo(t *testing.T) {
	demo := runDemo(t, "--seed", "1", "--rate", "0")
	loki := demo.await(t, `Loki +(http://127\.0\.0\.1:\d+)`)[1]
	assert.NotEqual(t, "http://127.0.0.1:3100", loki)
	first := demo.await(t, `([\d.]+) s  the log page shows the first activities`)[1]
	seconds, err := strconv.ParseFloat(first, 64)
	require.NoError(t, err)
	assert.Less(t, seconds, firstContent.Seconds())
	complete := demo.await(t, `([\d.]+) s  the week is complete: ([\d,]+) activities`)
	t.Logf("first content after %s s, complete after %s s with %s activities", first, complete[1], complete[2])

	entries, err := harness.NewLoki(loki).Entries(t.Context(), `{service_namespace="integrations"}`)
	require.NoError(t, err)
	stored := len(entries) // of all entries a failure would tell too much
	assert.Equal(t, numberOf(t, complete[2]), stored)
	ids, products, days := map[string]bool{}, map[string]int{}, map[string]int{}
	for _, entry := range entries {
		id := entry.Labels["product"] + entry.Labels["activity_id"]
		assert.False(t, ids[id], id)
		ids[id] = true
		products[entry.Labels["product"]]++
		days[entry.Time.Format(time.DateOnly)]++
		assert.NotContains(t, entry.Line+fmt.Sprint(entry.Labels), "@example.com", "nothing private")
	}
	for _, product := range activity.Products() {
		assert.Greater(t, products[string(product)], 100, product)
	}
	assert.GreaterOrEqual(t, len(days), 7)

	demo.Signal(syscall.SIGINT)
	demo.requireNothingLeft(t, loki)
}

// TestDemoIsLive: what happens after the history gets into the log too, and the demo ends
// when it was told to.
func TestDemoIsLive(t *testing.T) {
	demo := runDemo(t, "--seed", "2", "--rate", "1200", "--duration", "25s")
	loki := demo.await(t, `Loki +(http://127\.0\.0\.1:\d+)`)[1]
	week := demo.await(t, `the week is complete: ([\d,]+) activities`)
	all := demo.await(t, `([\d,]+) activities happened at the vendors, and ([\d,]+) of them are in the log\n`)
	assert.Equal(t, all[1], all[2])
	assert.Greater(t, numberOf(t, all[1]), numberOf(t, week[1]))
	demo.requireNothingLeft(t, loki)
}

// TestDemoEndsAtAnyTime: also while it fills, and before anything runs.
func TestDemoEndsAtAnyTime(t *testing.T) {
	for name, said := range map[string]string{"starting": "Starting", "filling": "the log page shows the first activities"} {
		t.Run(name, func(t *testing.T) {
			demo := runDemo(t)
			demo.await(t, said)
			demo.Signal(syscall.SIGTERM)
			demo.requireNothingLeft(t, "")
		})
	}
}

func TestDemoKeepsItsData(t *testing.T) {
	demo := runDemo(t, "--rate", "0", "--duration", "1s", "--keep-data")
	kept := demo.await(t, `INTEGRATIONLOG_DATA_DIR=(\S+) integrationlog`)[1]
	demo.Wait(t)
	assert.Zero(t, demo.ExitCode())
	assert.DirExists(t, kept+"/loki")
}

// TestDemoCountsItsOwn: a line that somebody posts as the screen says stands for none that
// the vendors have sent.
func TestDemoCountsItsOwn(t *testing.T) {
	_, err := exec.LookPath("curl")
	require.NoError(t, err, "what the demo prints takes curl")
	demo := runDemo(t, "--rate", "0", "--duration", "25s")
	post := demo.await(t, `(?s)(curl http://\S+/zis .*\\\n.*\}')\n`)[1]
	answer, err := exec.CommandContext(t.Context(), "sh", "-c", post+" --fail --silent --show-error").CombinedOutput()
	require.NoError(t, err, string(answer))
	all := demo.await(t, `([\d,]+) activities happened at the vendors, and ([\d,]+) of them are in the log(.*)\n`)
	assert.Equal(t, all[1], all[2])
	assert.Equal(t, ", which has 1 line more", all[3])
	demo.requireNothingLeft(t, "")
}

// TestDemoEndsWithItsReader: as `integrationlog demo | head -1` ends it.
func TestDemoEndsWithItsReader(t *testing.T) {
	tmp := t.TempDir()
	command := exec.CommandContext(t.Context(), binaries.AllInOne(t), "demo")
	command.Env = append(os.Environ(), "TMPDIR="+tmp)
	var stderr strings.Builder
	command.Stderr = &stderr
	out, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	require.NoError(t, out.Close())
	require.NoError(t, command.Wait())
	assert.Empty(t, stderr.String())
	left, err := os.ReadDir(tmp)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestDemoRemovesWhatAKilledOneHasLeft: but not while its collector still ends.
func TestDemoRemovesWhatAKilledOneHasLeft(t *testing.T) {
	killed := runDemo(t, "--rate", "0")
	directory := killed.await(t, `with its data in (\S+)`)[1]
	killed.await(t, "the log page shows the first activities")
	require.FileExists(t, directory+"/loki/embedded_loki.lock", "the demo looks whether it is locked")
	killed.Signal(syscall.SIGKILL)
	killed.Wait(t)
	require.DirExists(t, directory)

	harness.Eventually(t, filled, func(ctx context.Context) error {
		next := harness.Start(t, harness.Command{
			Path: binaries.AllInOne(t), Args: []string{"demo", "--rate", "0", "--duration", "1s"}, Dir: t.TempDir(), Env: []string{"TMPDIR=" + killed.tmp},
		})
		select {
		case <-next.Done():
		case <-ctx.Done():
			next.Signal(syscall.SIGQUIT) // Go prints what each goroutine is at
			next.Wait(t)
			require.Fail(t, "the demo has not ended", next.Stderr)
		}
		assert.Zero(t, next.ExitCode(), next.Stderr)
		if !strings.Contains(next.Stdout.String(), "Removed what a demo has left that was killed: "+directory) {
			return errors.New("the collector of the killed demo still had its directory")
		}
		return nil
	})
	left, err := os.ReadDir(killed.tmp)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestDemoSaysWhichPortsAreTheSame: before anything is made, and once.
func TestDemoSaysWhichPortsAreTheSame(t *testing.T) {
	tmp := t.TempDir()
	process := harness.Start(t, harness.Command{
		Path: binaries.AllInOne(t), Args: []string{"demo"}, Dir: t.TempDir(),
		Env: []string{"TMPDIR=" + tmp, "INTEGRATIONLOG_PAGE_PORT=19777", "INTEGRATIONLOG_LOKI_PORT=19777"},
	})
	process.Wait(t)
	assert.Equal(t, 1, process.ExitCode())
	assert.Equal(t, "Error: INTEGRATIONLOG_LOKI_PORT and INTEGRATIONLOG_PAGE_PORT are both 19777; leave one of them out, or give it another number\n",
		process.Stderr.String())
	assert.Empty(t, process.Stdout.String())
	left, err := os.ReadDir(tmp)
	require.NoError(t, err)
	assert.Empty(t, left)
}
