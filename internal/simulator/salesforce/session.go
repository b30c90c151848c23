// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"crypto/rand"
	"sync"
)

// sessions are the tokens that are valid. Its zero value is ready for use.
type sessions struct {
	mu     sync.Mutex
	tokens map[string]struct{}
}

// begin returns a new token. Tokens begin with the organization's id.
func (s *sessions) begin(organizationID string) string {
	token := organizationID[:min(15, len(organizationID))] + "!AQ" + rand.Text() + rand.Text()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tokens == nil {
		s.tokens = map[string]struct{}{}
	}
	s.tokens[token] = struct{}{}
	return token
}

func (s *sessions) valid(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.tokens[token]
	return ok
}

// ExpireTokens ends every session: HTTP answers INVALID_SESSION_ID, new calls of the
// Pub/Sub API are refused. Streams that are open stay: see KillStreams.
func (o *Org) ExpireTokens() {
	o.sessions.mu.Lock()
	defer o.sessions.mu.Unlock()
	clear(o.sessions.tokens)
}

// Token returns a valid token, for clients that are not after signing in.
func (o *Org) Token() string { return o.sessions.begin(o.settings.OrganizationID) }
