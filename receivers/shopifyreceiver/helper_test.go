// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

const testSecret = "canary-secret-of-the-shop"

// subject is the receiver with the secret of the tests.
func subject(changes ...func(*Config)) webhooktest.Subject {
	config := createDefaultConfig().(*Config)
	config.Secrets = testSecret
	for _, change := range changes {
		change(config)
	}
	return webhooktest.Subject{Factory: NewFactory(), Config: config, Shared: &config.Config}
}

// newRequest returns a classic webhook, not signed yet; each id is a delivery of its own.
func newRequest(topic, id, body string) webhooktest.Request {
	return webhooktest.Request{
		Header: http.Header{
			"Content-Type":          {"application/json"},
			"X-Shopify-Topic":       {topic},
			"X-Shopify-Shop-Domain": {"fern-and-flint.myshopify.com"},
			"X-Shopify-Webhook-Id":  {id},
		},
		Body: []byte(body),
	}
}

func fixtures(tb testing.TB) []string {
	tb.Helper()
	return webhooktest.Fixtures(tb, "deliveries")
}

// load reads a fixture, which is not signed. Its headers keep the case that they are
// written in.
func load(tb testing.TB, directory string) webhooktest.Request {
	tb.Helper()
	var names map[string]string
	require.NoError(tb, json.Unmarshal(webhooktest.ReadFile(tb, directory, "headers.json"), &names))
	q := webhooktest.Request{Header: http.Header{}, Body: webhooktest.ReadFile(tb, directory, "body.json")}
	for name, value := range names {
		q.Header[name] = []string{value}
	}
	return q
}

// sign signs as Shopify does.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// signed returns a copy with the signature of the tests' secret.
func signed(q webhooktest.Request) webhooktest.Request { return signedWith(testSecret, q) }

// signedWith returns a copy with the signature in the header of its family.
func signedWith(secret string, q webhooktest.Request) webhooktest.Request {
	name := "X-Shopify-Hmac-Sha256"
	for given := range q.Header {
		if given == "shopify-topic" { // in lower case, as Shopify sends it
			name = "shopify-hmac-sha256"
		}
	}
	header := q.Header.Clone()
	header[name] = []string{sign(secret, q.Body)}
	return webhooktest.Request{Header: header, Body: q.Body}
}

func theRecord(logs plog.Logs) plog.LogRecord { return webhooktest.Records(logs)[0] }
