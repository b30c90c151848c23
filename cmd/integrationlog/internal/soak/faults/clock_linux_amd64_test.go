// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// tellTime makes the test's binary the process whose clock is moved.
const tellTime = "INTEGRATIONLOG_TEST_TELL_TIME"

func TestMain(m *testing.M) {
	if os.Getenv(tellTime) != "" {
		answerWithTheTime()
		return
	}
	goleak.VerifyTestMain(m)
}

// answerWithTheTime tells the time for each line of the input, while threads read it all the time.
func answerWithTheTime() {
	for range 4 {
		go func() {
			for {
				_ = time.Now()
			}
		}()
	}
	began := time.Now()
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		now := time.Now()
		fmt.Fprintln(os.Stdout, "time", now.UnixNano(), int64(now.Sub(began)))
	}
}

func TestClock(t *testing.T) {
	command := exec.CommandContext(t.Context(), os.Args[0])
	command.Env = append(os.Environ(), tellTime+"=1")
	input, err := command.StdinPipe()
	require.NoError(t, err)
	output, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	began, answers := time.Now(), bufio.NewScanner(output)
	ask := func() (ahead time.Duration) {
		_, err := fmt.Fprintln(input)
		require.NoError(t, err)
		require.True(t, answers.Scan())
		var wall, since int64
		_, err = fmt.Sscanf(answers.Text(), "time %d %d", &wall, &since)
		require.NoError(t, err, answers.Text())
		assert.InDelta(t, time.Since(began), time.Duration(since), float64(20*time.Second), "the monotonic clock goes on")
		return time.Until(time.Unix(0, wall))
	}
	assert.InDelta(t, 0, ask(), float64(20*time.Second))
	clock, err := TakeClock(command.Process.Pid)
	require.NoError(t, err)
	for _, by := range []time.Duration{0, time.Hour, -4 * time.Minute, 0} {
		require.NoError(t, clock.Move(by))
		assert.InDelta(t, by, ask(), float64(20*time.Second), by)
	}
	require.NoError(t, clock.Close())
	require.NoError(t, input.Close())
	require.NoError(t, command.Wait())
	_, err = TakeClock(command.Process.Pid)
	require.Error(t, err, "it has ended")
}
