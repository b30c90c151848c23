// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"time"
)

// maxConnections bounds a shop's connections; as many are kept alive.
const maxConnections = 256

// Shop sends webhooks as Shopify does.
type Shop struct {
	// URL is where it posts to.
	URL string
	// Secret signs.
	Secret string
	// Domain is the shop's.
	Domain string

	client *http.Client
}

// NewShop returns a shop that posts to url and signs with secret.
func NewShop(url, secret string) *Shop {
	transport := &http.Transport{MaxConnsPerHost: maxConnections, MaxIdleConnsPerHost: maxConnections}
	return &Shop{
		URL: url, Secret: secret, Domain: "e2e.myshopify.com",
		// Shopify's own patience.
		client: &http.Client{Transport: transport, Timeout: 5 * time.Second},
	}
}

// Webhook is one delivery.
type Webhook struct {
	// ID is the delivery's, the same on each retry.
	ID string
	// Topic is a name such as orders/create.
	Topic string
	// At is when it happened.
	At time.Time
	// Body is the payload.
	Body []byte
}

// NewOrder returns a webhook about the order #1001, which happened at this time: all of
// them make the same sentence.
func NewOrder(id string, at time.Time) Webhook {
	return Webhook{
		ID: id, Topic: "orders/create", At: at,
		Body: []byte(`{"id":820982911946154508,"name":"#1001","total_price":"59.00","currency":"EUR","financial_status":"pending"}`),
	}
}

// Answer is what came back.
type Answer struct {
	Code       int
	RetryAfter string
	// Body is that of the answer to a push; Shopify reads none.
	Body string
}

// Sign returns the signature of a body: base64 of an HMAC-SHA256.
func (s *Shop) Sign(body []byte) string {
	mac := hmac.New(sha256.New, []byte(s.Secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// Request returns the signed request.
func (s *Shop) Request(ctx context.Context, w Webhook) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(w.Body))
	if err != nil {
		return nil, err
	}
	request.Header = http.Header{
		"Content-Type":           {"application/json"},
		"X-Shopify-Topic":        {w.Topic},
		"X-Shopify-Shop-Domain":  {s.Domain},
		"X-Shopify-Webhook-Id":   {w.ID},
		"X-Shopify-Triggered-At": {w.At.UTC().Format(time.RFC3339Nano)},
		"X-Shopify-Hmac-Sha256":  {s.Sign(w.Body)},
	}
	return request, nil
}

// Send delivers a webhook once.
func (s *Shop) Send(ctx context.Context, w Webhook) (Answer, error) {
	request, err := s.Request(ctx, w)
	if err != nil {
		return Answer{}, err
	}
	return s.Do(request)
}

// Do sends a request and returns what came back.
func (s *Shop) Do(request *http.Request) (Answer, error) {
	response, err := s.client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	// The answer counts from its headers on: Shopify looks at nothing else.
	_, _ = io.Copy(io.Discard, response.Body)
	return Answer{Code: response.StatusCode, RetryAfter: response.Header.Get("Retry-After")}, nil
}
