// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
	"github.com/integrationlog/integrationlog/internal/webhook"
)

// The reasons for which an entry cannot be understood.
const (
	notJSON     = "not_json"
	notAnObject = "not_an_object"
	noMessage   = "no_message"
)

// maxEntries bounds what one request may bring: a body of the largest size has room for a
// million entries, which would take a gigabyte of memory.
const maxEntries = 10_000

var errTooMany = fmt.Errorf("body has more than %d entries: send them in several requests", maxEntries)

var errNothing = errors.New("body has no entry with a message: it must be a JSON object with a member \"message\", a list of such, or such in lines")

// Source takes the entries of one product.
type Source struct {
	config   *Config
	product  Product
	schema   *schema
	verifier *webhook.SecretVerifier
}

var _ webhook.Source = (*Source)(nil)

// NewSource returns the source of a product's entries.
func NewSource(config *Config, product Product) *Source {
	return &Source{
		config:   config,
		product:  product,
		schema:   newSchema(&product, config.IncludeFields),
		verifier: webhook.NewSecretVerifier(config.Secrets.List()),
	}
}

// Verify checks the secret, wherever the request has it.
func (s *Source) Verify(header http.Header, _ []byte) bool {
	inAuthorization := s.verifier.Verify(webhook.Authorization(header))
	inHeader := s.verifier.Verify(webhook.Header(header, s.config.APIKeyHeader))
	return inAuthorization || inHeader
}

// Parse makes one activity of each entry that can be understood.
func (s *Source) Parse(header http.Header, body []byte, received time.Time) (webhook.Delivery, error) {
	var delivery webhook.Delivery
	entries := 0
	err := split(body, webhook.IsNewlineDelimited(header), func(value jsontext.Value) {
		entries++
		if entries > maxEntries {
			return
		}
		e := Entry{schema: s.schema, values: make([]string, len(s.schema.fields)), raw: value}
		if reason := e.read(); reason != "" {
			if delivery.Unreadable == nil {
				delivery.Unreadable = map[string]int{}
			}
			delivery.Unreadable[reason]++
			return
		}
		delivery.Activities = append(delivery.Activities, s.activity(&e, received))
	})
	switch {
	case err != nil:
		return webhook.Delivery{}, err
	case entries > maxEntries:
		return webhook.Delivery{}, errTooMany
	case len(delivery.Activities) == 0:
		return delivery, errNothing
	default:
		return delivery, nil
	}
}

// read reads the entry. It returns the reason where that is impossible.
func (e *Entry) read() (reason string) {
	switch err := allowlist.Object(e.raw, e.schema.members, e); {
	case err != nil && e.raw.Kind() != '{':
		return notAnObject
	case err != nil:
		return notJSON
	case e.Get(messagePath) == "":
		return noMessage
	default:
		return ""
	}
}

// Reply is what HTTP has for the outcome, but for a product that must not be told to come
// again.
func (s *Source) Reply(outcome webhook.Outcome) int {
	code := webhook.DefaultReply(outcome)
	if s.product.NotNow != 0 && (code == http.StatusServiceUnavailable || code == http.StatusRequestTimeout) {
		return s.product.NotNow
	}
	return code
}
