// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/zendesk"

import (
	"encoding/json"
	"errors"
	"hash/maphash"
	"net/url"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// Errors quote nothing of an answer: it may hold personal data.
var (
	errSyntax = errors.New("the answer is not valid JSON, or was cut off")
	errShape  = errors.New("the answer is JSON, but not the list that was asked for")
)

// list is what all lists have. Items are parsed one by one, so that one that cannot be
// understood does not cost its neighbours.
type list struct {
	Meta struct {
		HasMore     bool   `json:"has_more"`
		AfterCursor string `json:"after_cursor"`
	} `json:"meta"`
	Links struct {
		Next string `json:"next"`
	} `json:"links"`
	Webhooks    []json.RawMessage `json:"webhooks"`
	Invocations []json.RawMessage `json:"invocations"`
	Attempts    []json.RawMessage `json:"attempts"`
}

// cursor returns that of the next page, and none for the last one. Of a link nothing but
// its cursor is taken: its host is not always the one that was asked. More without a
// cursor is an error: it must not pass for the end.
func (l *list) cursor() (string, error) {
	if !l.Meta.HasMore {
		return "", nil
	}
	if l.Meta.AfterCursor != "" {
		return l.Meta.AfterCursor, nil
	}
	if next, err := url.Parse(l.Links.Next); err == nil {
		if cursor := next.Query().Get("page[after]"); cursor != "" {
			return cursor, nil
		}
	}
	return "", errShape
}

// seed is that of the hashes in [Unreadable], for as long as the process runs.
var seed = maphash.MakeSeed()

func parsePage[T any](content []byte, items func(*list) []json.RawMessage, parse func(json.RawMessage) (T, bool)) (Page[T], error) {
	var l list
	if err := json.Unmarshal(content, &l); err != nil {
		if _, ok := errors.AsType[*json.SyntaxError](err); ok {
			return Page[T]{}, errSyntax
		}
		return Page[T]{}, errShape
	}
	raw := items(&l)
	if raw == nil {
		return Page[T]{}, errShape // a login page of a proxy must not pass for an empty list
	}
	next, err := l.cursor()
	if err != nil {
		return Page[T]{}, err
	}
	page := Page[T]{Next: next, Items: make([]T, 0, len(raw))}
	for _, element := range raw {
		if item, ok := parse(element); ok {
			page.Items = append(page.Items, item)
		} else {
			page.Unreadable = append(page.Unreadable, maphash.Bytes(seed, element))
		}
	}
	return page, nil
}

func parseWebhooks(content []byte) (Page[Webhook], error) {
	return parsePage(content, func(l *list) []json.RawMessage { return l.Webhooks }, parseWebhook)
}

func parseWebhook(raw json.RawMessage) (Webhook, bool) {
	var fields struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Endpoint string `json:"endpoint"`
		Method   string `json:"http_method"`
	}
	if json.Unmarshal(raw, &fields) != nil || !isID(fields.ID) {
		return Webhook{}, false
	}
	w := Webhook{ID: fields.ID, Host: hostOf(fields.Endpoint)}
	if name := strings.TrimSpace(fields.Name); allowlist.IsName(name) && !allowlist.IsPersonal(name) {
		w.Name = name
	}
	if method := strings.ToUpper(fields.Method); allowlist.IsWord(method) {
		w.Method = method
	}
	return w, true
}

// hostOf returns the host of an address, without what may be a secret: its path, its
// query, and a user name and password.
func hostOf(endpoint string) string {
	target, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	host := strings.ToLower(target.Hostname())
	if !allowlist.IsWord(host) || strings.ContainsAny(host, "?=/") {
		return ""
	}
	return host
}

func parseInvocations(content []byte) (Page[Invocation], error) {
	return parsePage(content, func(l *list) []json.RawMessage { return l.Invocations }, parseInvocation)
}

func parseInvocation(raw json.RawMessage) (Invocation, bool) {
	var fields struct {
		ID          string          `json:"id"`
		Status      string          `json:"status"`
		CompletedAt string          `json:"latest_completed_at"`
		StatusCode  json.RawMessage `json:"status_code"`
	}
	if json.Unmarshal(raw, &fields) != nil || !isID(fields.ID) {
		return Invocation{}, false
	}
	at := activity.ParseTime(fields.CompletedAt)
	if at.IsZero() || !isStatus(fields.Status) {
		return Invocation{}, false
	}
	return Invocation{
		ID: fields.ID, Status: fields.Status, CompletedAt: fields.CompletedAt, Time: at.UTC(), StatusCode: statusCode(fields.StatusCode),
	}, true
}

func parseAttempts(content []byte) (Page[Attempt], error) {
	return parsePage(content, func(l *list) []json.RawMessage { return l.Attempts }, parseAttempt)
}

func parseAttempt(raw json.RawMessage) (Attempt, bool) {
	var fields struct {
		Status      string          `json:"status"`
		CompletedAt string          `json:"completed_at"`
		StatusCode  json.RawMessage `json:"status_code"`
	}
	if json.Unmarshal(raw, &fields) != nil {
		return Attempt{}, false
	}
	at := activity.ParseTime(fields.CompletedAt)
	if at.IsZero() {
		return Attempt{}, false
	}
	return Attempt{Status: fields.Status, Time: at.UTC(), StatusCode: statusCode(fields.StatusCode)}, true
}

// statusCode is 0 for what is none, so that an odd one costs no record.
func statusCode(raw json.RawMessage) int {
	var code int
	if json.Unmarshal(raw, &code) != nil || code < 100 || code > 599 {
		return 0
	}
	return code
}

// isID tells whether a text can be part of a path and of an activity.id, whose parts are
// told apart by slashes.
func isID(text string) bool {
	return allowlist.IsWord(text) && !strings.ContainsAny(text, "/?") && text != "." && text != ".."
}

// isStatus tells whether a text may be a status. Which there are is Zendesk's to say.
func isStatus(text string) bool { return allowlist.IsName(text) && !strings.Contains(text, "/") }
