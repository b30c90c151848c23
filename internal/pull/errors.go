// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull // import "github.com/integrationlog/integrationlog/internal/pull"

import (
	"context"
	"errors"
	"net"
	"net/url"
	"slices"
	"time"
)

// reasons are the words that an error may tell for a metric; metadata.yaml lists them too.
var reasons = []string{"authorization", "connection", "other", "pipeline", "rate_limit", "remote", "request", "timeout"}

// permanent is an error that ends the loop.
type permanent struct{ err error }

func (p *permanent) Error() string { return p.err.Error() }
func (p *permanent) Unwrap() error { return p.err }

// Permanent marks an error that no further poll can cure, such as a checkpoint that
// cannot be understood. The loop ends with it.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanent{err: err}
}

// IsPermanent tells whether an error was marked so.
func IsPermanent(err error) bool {
	var p *permanent
	return errors.As(err, &p)
}

// delayOf returns how long the vendor asks to be left alone.
func delayOf(err error) time.Duration {
	var asking interface{ Delay() time.Duration }
	if errors.As(err, &asking) {
		return asking.Delay()
	}
	return 0
}

// reasonOf returns the word for a metric.
func reasonOf(err error) string {
	var telling interface{ Reason() string }
	if errors.As(err, &telling) && slices.Contains(reasons, telling.Reason()) {
		return telling.Reason()
	}
	var network net.Error
	var sent *url.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return "timeout"
	case errors.As(err, &sent), errors.As(err, &network):
		return "connection"
	default:
		return "other"
	}
}

// pipelineError is a pipeline that does not take anything at the moment.
type pipelineError struct{ err error }

func (e *pipelineError) Error() string {
	return "the pipeline does not take activities: " + e.err.Error()
}
func (e *pipelineError) Unwrap() error { return e.err }
func (*pipelineError) Reason() string  { return "pipeline" }
