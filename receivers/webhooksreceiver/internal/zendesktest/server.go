// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zendesktest is as much of Zendesk as the receiver sees of it, for tests. It
// fails when it is told to.
package zendesktest // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesktest"

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The credentials that are accepted.
const (
	ClientID     = "integration_log"
	ClientSecret = "canary-client-secret"
	Email        = "log@acme.example"
	APIToken     = "canary-api-token"
)

// Row is one row of an invocation log.
type Row struct {
	ID          string `json:"id"`
	Status      string `json:"status"`
	StatusCode  int    `json:"status_code,omitempty"`
	CompletedAt string `json:"latest_completed_at"`
}

// Server is the API of an account. Its fields are set before it is used, or under
// [Server.Change].
type Server struct {
	// Webhooks are in the form of the API.
	Webhooks []json.RawMessage
	// Invocations are the rows of each webhook, and Attempts those of each
	// "webhook/invocation", in the form of the API.
	Invocations map[string][]Row
	Attempts    map[string]json.RawMessage
	// PageSize bounds a page; 0 is as asked for.
	PageSize int
	// Descending ignores the order that is asked for.
	Descending bool
	// Limit is the limit of requests a minute that is announced; 0 announces none.
	Limit int
	// ExpiresIn is the lifetime of tokens in seconds; 0 is not told.
	ExpiresIn int
	// Intercept answers a request instead, if it returns true. It is called under the
	// lock.
	Intercept func(w http.ResponseWriter, r *http.Request) bool

	mu       sync.Mutex
	used     int
	issued   int
	revoked  int
	requests []string
}

// Change changes the server while it is used.
func (s *Server) Change(change func(*Server)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(s)
}

// Add adds rows to a webhook.
func (s *Server) Add(webhookID string, rows ...Row) {
	s.Change(func(s *Server) {
		if s.Invocations == nil {
			s.Invocations = map[string][]Row{}
		}
		s.Invocations[webhookID] = append(s.Invocations[webhookID], rows...)
	})
}

// Revoke makes all tokens invalid that were issued.
func (s *Server) Revoke() { s.Change(func(s *Server) { s.revoked = s.issued }) }

// Requests returns the paths and queries of the requests since the last call.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := s.requests
	s.requests = nil
	return requests
}

// Count returns how many of the requests contain a text.
func Count(requests []string, text string) int {
	n := 0
	for _, request := range requests {
		if strings.Contains(request, text) {
			n++
		}
	}
	return n
}

// RoundTrip answers without a network, which synctest wants.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, r)
	response := recorder.Result()
	response.Request = r
	return response, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.URL.String())
	if r.URL.Path == "/oauth/tokens" {
		if s.Intercept == nil || !s.Intercept(w, r) {
			s.token(w, r)
		}
		return
	}
	if !s.authorized(r.Header.Get("Authorization")) {
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_token"})
		return
	}
	s.used++
	if s.Limit > 0 {
		w.Header().Set("X-Rate-Limit", strconv.Itoa(s.Limit))
		w.Header().Set("X-Rate-Limit-Remaining", strconv.Itoa(max(s.Limit-s.used, 0)))
	}
	if s.Intercept == nil || !s.Intercept(w, r) {
		s.answer(w, r)
	}
}

func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	var given map[string]string
	if json.NewDecoder(r.Body).Decode(&given) != nil || given["grant_type"] != "client_credentials" ||
		given["client_id"] != ClientID || given["client_secret"] != ClientSecret {
		reply(w, http.StatusUnauthorized, map[string]string{"error": "invalid_client", "error_description": "No such client " + given["client_secret"]})
		return
	}
	s.issued++
	answer := map[string]any{"access_token": fmt.Sprint("canary-token-", s.issued), "token_type": "bearer", "scope": given["scope"]}
	if s.ExpiresIn > 0 {
		answer["expires_in"] = s.ExpiresIn
	}
	reply(w, http.StatusOK, answer)
}

func (s *Server) authorized(authorization string) bool {
	if authorization == "Basic "+base64.StdEncoding.EncodeToString([]byte(Email+"/token:"+APIToken)) {
		return true
	}
	number, ok := strings.CutPrefix(authorization, "Bearer canary-token-")
	n, err := strconv.Atoi(number)
	return ok && err == nil && n > s.revoked && n <= s.issued
}

func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/v2/"), "/")
	switch {
	case r.Method != http.MethodGet || parts[0] != "webhooks":
		http.NotFound(w, r)
	case len(parts) == 1:
		page(w, r, "webhooks", s.Webhooks, s.PageSize)
	case len(parts) == 3 && parts[2] == "invocations":
		page(w, r, "invocations", s.window(parts[1], r), s.PageSize)
	case len(parts) == 5 && s.Attempts[parts[1]+"/"+parts[3]] != nil:
		reply(w, http.StatusOK, map[string]any{"attempts": s.Attempts[parts[1]+"/"+parts[3]]})
	default:
		http.NotFound(w, r)
	}
}

// window returns the rows that a request asks for.
func (s *Server) window(webhookID string, r *http.Request) []Row {
	query := r.URL.Query()
	from, err := time.Parse(time.RFC3339, query.Get("filter[from_ts]"))
	rows := []Row{}
	for _, row := range s.Invocations[webhookID] {
		at, parseErr := time.Parse(time.RFC3339, row.CompletedAt)
		if err != nil || parseErr != nil || !at.Before(from) {
			rows = append(rows, row)
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return strings.Compare(a.CompletedAt, b.CompletedAt) })
	if s.Descending || query.Get("sort") != "latest_completed_at" {
		slices.Reverse(rows)
	}
	return rows
}

// page answers with a page of a list, whose cursor is the number of its first element.
func page[T any](w http.ResponseWriter, r *http.Request, name string, all []T, bound int) {
	query := r.URL.Query()
	size, err := strconv.Atoi(query.Get("page[size]"))
	if err != nil || size <= 0 {
		size = 100
	}
	if bound > 0 && bound < size {
		size = bound
	}
	first := 0
	if cursor, err := base64.StdEncoding.DecodeString(query.Get("page[after]")); err == nil {
		first, _ = strconv.Atoi(string(cursor))
	}
	first = min(max(first, 0), len(all))
	end := min(first+size, len(all))
	meta := map[string]any{"has_more": end < len(all)}
	answer := map[string]any{"meta": meta, name: append([]T{}, all[first:end]...)}
	if end < len(all) {
		cursor := base64.StdEncoding.EncodeToString([]byte(strconv.Itoa(end)))
		meta["after_cursor"] = cursor
		// as Zendesk does it: a link to another host than the one that was asked
		answer["links"] = map[string]string{"next": "https://pod-17.zendesk.invalid:443" + r.URL.Path + "?page[after]=" + cursor}
	}
	reply(w, http.StatusOK, answer)
}

func reply(w http.ResponseWriter, code int, body any) {
	content, err := json.Marshal(body)
	if err != nil {
		code = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = w.Write(content)
}
