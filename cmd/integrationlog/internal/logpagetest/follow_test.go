// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpagetest

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/logpagetest"
)

func TestFollow(t *testing.T) {
	t.Parallel() // most of it is waiting
	l := startLoki(t, t.TempDir())
	reader := l.reader(t)
	random := rand.New(rand.NewPCG(9, 10))
	next := func(at time.Time, status string) logpagetest.Activity {
		a := randomActivity(random, at)
		a.Status = status
		return logpagetest.WithAttributes(a)
	}
	l.push(t, next(time.Now().Add(-40*time.Minute), "error"), next(time.Now().Add(-10*time.Second), "error"), next(time.Now(), "error"))

	ctx, cancel := context.WithCancel(t.Context())
	received := make(chan logpagetest.Activity, 100_000)
	ended := make(chan struct{})
	filter := logpagetest.Filter{Statuses: []string{"error"}, End: time.Now().Add(-time.Hour)}
	go func() {
		defer close(ended)
		for batch, err := range reader.Follow(ctx, filter) {
			if err != nil {
				t.Error(err)
			}
			for _, a := range batch {
				received <- a
			}
		}
	}()
	// What is there when it begins is not sent; that it has begun shows with the first one
	// that comes.
	var sent []logpagetest.Activity
	require.Eventually(t, func() bool {
		sent = append(sent, next(time.Now(), "error"))
		l.push(t, sent[len(sent)-1])
		return len(received) > 0
	}, 20*time.Second, 300*time.Millisecond)
	first := <-received
	for i := range sent {
		if content(sent[i]) == content(first) {
			sent = sent[i+1:]
			break
		}
	}
	for range 5 {
		sent = append(sent, equals(random, time.Now(), 300, true)...)
	}
	sent = append(sent, equals(random, time.Now().Add(-50*time.Second), 20, true)...)
	sent = append(sent, equals(random, time.Now().Add(5*time.Second), 20, true)...)
	sent = append(sent, equals(random, time.Now().Add(-3*time.Minute), 20, true)...)
	sent = append(sent, equals(random, time.Now().Add(-50*time.Minute), 20, true)...)
	l.push(t, sent...)
	want := map[string]int{}
	for _, a := range sent {
		if a.Status == "error" {
			want[content(a)] = 1
		}
	}
	got := receive(received, len(want))
	cancel()
	<-ended
	for text, n := range got {
		require.Equal(t, 1, n, text)
	}
	for text := range want {
		require.Equal(t, 1, got[text], text)
	}
}

// receive counts what comes, until there are so many and for a while nothing more: what
// would be sent a second time comes within that.
func receive(received <-chan logpagetest.Activity, want int) map[string]int {
	got := map[string]int{}
	timeout := time.After(45 * time.Second)
	quiet := time.NewTimer(time.Hour)
	for {
		select {
		case a := <-received:
			got[content(a)]++
			if len(got) >= want {
				quiet.Reset(17 * time.Second)
			}
		case <-quiet.C:
			return got
		case <-timeout:
			return got
		}
	}
}
