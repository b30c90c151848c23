// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apiclient // import "github.com/integrationlog/integrationlog/internal/apiclient"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrTooLarge is a body that is larger than the request allowed.
var ErrTooLarge = errors.New("the answer is larger than what is taken of one")

// SilenceError is an API that said nothing for too long.
type SilenceError struct{ Timeout time.Duration }

func (e *SilenceError) Error() string { return fmt.Sprintf("no answer for %s", e.Timeout) }

// Unwrap makes it a deadline that has passed.
func (*SilenceError) Unwrap() error { return context.DeadlineExceeded }

// watch ends a request whose answer does not go on.
type watch struct {
	timeout time.Duration
	timer   *time.Timer
	cancel  context.CancelCauseFunc
	//nolint:containedctx // its cause tells whether it was the watch that ended the request
	ctx context.Context
}

func newWatch(ctx context.Context, timeout time.Duration) (context.Context, *watch) {
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{timeout: timeout, cancel: cancel, ctx: ctx}
	w.timer = time.AfterFunc(timeout, func() { cancel(&SilenceError{Timeout: timeout}) })
	return ctx, w
}

func (w *watch) progress() { w.timer.Reset(w.timeout) }

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
}

// explain tells that it was the watch, where it was.
func (w *watch) explain(err error) error {
	if silence, ok := errors.AsType[*SilenceError](context.Cause(w.ctx)); ok {
		return silence
	}
	return err
}

// body is the body of an answer, with a bound and under watch.
type body struct {
	io.ReadCloser
	watch   *watch
	bounded bool
	left    int64
}

func (b *body) Read(p []byte) (int, error) {
	// one byte more than allowed tells a body that is too large from one that just fits
	if b.bounded && int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.bounded {
		if b.left -= int64(n); b.left < 0 {
			return max(n-1, 0), ErrTooLarge
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return n, b.watch.explain(err)
	}
	b.watch.progress()
	return n, err
}

func (b *body) Close() error {
	b.watch.stop()
	return b.ReadCloser.Close()
}
