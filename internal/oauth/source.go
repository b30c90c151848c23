// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth // import "github.com/integrationlog/integrationlog/internal/oauth"

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	// renewalMargin is how long before its end a token is renewed, so that none
	// expires on its way.
	renewalMargin = time.Minute
	// renewalPause is how long a token that is still valid is used when it could not
	// be renewed.
	renewalPause = 10 * time.Second
	// A refusal is remembered: a wrong secret must neither hammer the vendor nor lock
	// the account. Somebody has to change something first.
	firstRefusalPause = time.Minute
	maxRefusalPause   = 30 * time.Minute
)

// errNoneAtHand says that the vendor has to be asked.
var errNoneAtHand = errors.New("no token is at hand")

// Source is a token source that fetches tokens, one at a time.
type Source struct {
	fetch func(ctx context.Context) (Token, error)
	// turn is held by whoever fetches.
	turn chan struct{}

	mu    sync.Mutex
	token Token
	// renewAt is when to fetch the next token; zero if only a refusal tells.
	renewAt time.Time
	// fetches counts attempts, and lastErr is the outcome of the last one.
	fetches int
	lastErr error
	// refusal is what the vendor said for good; it is repeated until refusedUntil.
	refusal      *Error
	refusedUntil time.Time
	pause        *backoff.ExponentialBackOff
}

var _ TokenSource = (*Source)(nil)

func newSource(fetch func(ctx context.Context) (Token, error)) *Source {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = firstRefusalPause, maxRefusalPause
	pause.Multiplier, pause.RandomizationFactor = 2, 0.1
	return &Source{fetch: fetch, turn: make(chan struct{}, 1), pause: pause}
}

// Token returns the token that is at hand, or fetches one. Those who come meanwhile wait
// and share the outcome.
func (s *Source) Token(ctx context.Context) (Token, error) {
	token, err := s.atHand()
	if !errors.Is(err, errNoneAtHand) {
		return token, err
	}
	fetches, _ := s.lastFetch()
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return Token{}, ctx.Err()
	}
	// somebody else may have fetched meanwhile
	if token, err := s.atHand(); !errors.Is(err, errNoneAtHand) {
		return token, err
	}
	if now, err := s.lastFetch(); now != fetches && err != nil && !isContextError(err) {
		return Token{}, err
	}
	token, err = s.fetch(ctx)
	return s.settle(token, err)
}

// Invalidate forgets the token, if it is still the current one.
func (s *Source) Invalidate(token Token) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.token.authorization == token.authorization {
		s.token = Token{}
	}
}

// atHand returns what is known without asking the vendor.
func (s *Source) atHand() (Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if !s.token.isZero() && (s.renewAt.IsZero() || now.Before(s.renewAt)) {
		return s.token, nil
	}
	if s.refusal != nil && now.Before(s.refusedUntil) {
		again := *s.refusal
		again.RetryAfter = s.refusedUntil.Sub(now)
		return Token{}, &again
	}
	return Token{}, errNoneAtHand
}

// lastFetch returns how often a token was asked for, and the outcome of the last time.
func (s *Source) lastFetch() (fetches int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fetches, s.lastErr
}

func (s *Source) settle(token Token, err error) (Token, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.fetches++
	s.lastErr = err
	if err == nil {
		s.refusal = nil
		s.pause.Reset()
		s.token, s.renewAt = token, renewal(token.expiry, now)
		return token, nil
	}
	if !s.token.isZero() && now.Before(s.token.expiry) {
		s.renewAt = now.Add(renewalPause)
		s.lastErr = nil
		return s.token, nil
	}
	var refusal *Error
	if errors.As(err, &refusal) && (refusal.permanent() || refusal.RetryAfter > 0) {
		pause := refusal.RetryAfter
		if refusal.permanent() {
			pause = max(pause, s.pause.NextBackOff())
		}
		remembered := *refusal
		remembered.RetryAfter = pause
		s.refusal, s.refusedUntil = &remembered, now.Add(pause)
		return Token{}, &remembered
	}
	return Token{}, err
}

// renewal returns when to fetch the next token.
func renewal(expiry, now time.Time) time.Time {
	if expiry.IsZero() {
		return time.Time{}
	}
	return expiry.Add(-min(renewalMargin, expiry.Sub(now)/5))
}

func isContextError(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}
