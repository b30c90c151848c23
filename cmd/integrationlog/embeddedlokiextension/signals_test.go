// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASignalStopsThePipelinesFirst(t *testing.T) {
	t.Parallel()
	for _, s := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(s.String(), func(t *testing.T) {
			t.Parallel()
			cfg := processConfig{directory: t.TempDir()}
			p := startProcess(t, cfg)
			load := startLoad(t, string(p.intake)+"/v1/logs", "load")
			load.await(t, 500)
			// More wait in the queue now than Loki has, and more come in.
			p.signal(t, s)
			require.Equal(t, 0, p.awaitExit(t), p.output.String())
			acknowledged := load.stop()

			output := p.output.String()
			drained := strings.Index(output, "Stopping extensions...")
			stopped := strings.Index(output, "Loki has stopped")
			require.Positive(t, drained)
			assert.Greater(t, stopped, drained, "Loki stops when the pipelines have")
			assert.NotContains(t, output, "Exporting failed", "Loki was there to the end")

			again := startProcess(t, cfg)
			assertStoredOnce(t, again.loki, acknowledged)
			again.stop(t)
		})
	}
}

func TestSIGHUPReloadsUnderLoad(t *testing.T) {
	t.Parallel()
	p := startProcess(t, processConfig{directory: t.TempDir()})
	load := startLoad(t, string(p.intake)+"/v1/logs", "load")
	for reload := 1; reload <= 3; reload++ {
		load.await(t, 200)
		p.signal(t, syscall.SIGHUP)
		require.Eventually(t, func() bool {
			return strings.Count(p.output.String(), "Everything is ready") == reload+1 || p.hasExited()
		}, 30*time.Second, 20*time.Millisecond)
		require.False(t, p.hasExited(), p.output.String())
	}
	load.await(t, 200)
	acknowledged := load.stop()
	require.Eventually(t, func() bool { return p.loki.count(t) >= len(acknowledged) }, 30*time.Second, 100*time.Millisecond)
	assertStoredOnce(t, p.loki, acknowledged)
	p.stop(t)
}

// A signal that comes before the collector listens for it must not be lost.
func TestASignalWhileLokiStarts(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	file := ownConfigFile(t, "loki.yaml", directory, "min_ready_duration: 0s", "min_ready_duration: 10m")
	p := launchProcess(t, processConfig{configFile: file})
	require.Eventually(t, func() bool { return p.lokiListens() || p.hasExited() }, 30*time.Second, 20*time.Millisecond)
	require.False(t, p.hasExited(), p.output.String())

	p.signal(t, syscall.SIGTERM)
	assert.Equal(t, 1, p.awaitExit(t))
	assert.Contains(t, p.output.String(), `signal "terminated" came while it started`)
}

func TestLokiIsNotReadyInTime(t *testing.T) {
	t.Parallel()
	file := ownConfigFile(t, "loki.yaml", t.TempDir(), "min_ready_duration: 0s", "min_ready_duration: 10m")
	p := launchProcess(t, processConfig{configFile: file, readyTimeout: time.Second})
	assert.Equal(t, 1, p.awaitExit(t))
	assert.Contains(t, p.output.String(), "Ingester not ready")
	assert.Contains(t, p.output.String(), "set ready_timeout to a longer time")
}

func TestSignalThatTheCollectorMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &signalWatch{received: make(chan os.Signal, 1), ended: make(chan struct{})}
		lost := make(chan error, 1)
		go w.run(func(err error) { lost <- err })
		began := time.Now()
		w.received <- syscall.SIGTERM
		require.ErrorContains(t, <-lost, `signal "terminated" came before the collector listened for it`)
		assert.Equal(t, signalGrace, time.Since(began))
		assert.True(t, w.close(), "it is remembered")
	})
}

func TestSignalThatTheCollectorActsUpon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := &signalWatch{received: make(chan os.Signal, 1), ended: make(chan struct{})}
		done := make(chan struct{})
		go func() {
			defer close(done)
			w.run(func(err error) { t.Error(err) })
		}()
		w.received <- syscall.SIGTERM
		time.Sleep(signalGrace / 2) // the bubble's time, not the test's
		w.end()
		<-done
		assert.True(t, w.close())
	})
}

func TestNoSignal(t *testing.T) {
	w := watchSignals()
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.run(func(err error) { t.Error(err) })
	}()
	assert.False(t, w.close())
	<-done
}
