// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"encoding/base64"
	"net/http"
	"testing"

	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/entry"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// secret lets the requests in. It must not get out any more than personal data.
const secret = "canary-secret-of-the-connection"

// subject is the receiver with the secret of the tests.
func subject(factory receiver.Factory, changes ...func(*entry.Config)) webhooktest.Subject {
	config := factory.CreateDefaultConfig().(*entry.Config)
	config.Secrets = secret
	for _, change := range changes {
		change(config)
	}
	return webhooktest.Subject{Factory: factory, Config: config, Shared: &config.Config}
}

// subjects returns the receiver anew each time.
func subjects(factory receiver.Factory) func(testing.TB) webhooktest.Subject {
	return func(testing.TB) webhooktest.Subject { return subject(factory) }
}

// newRequest is what Zendesk posts with a connection that has a bearer token.
func newRequest(body string) webhooktest.Request {
	return webhooktest.Request{
		Header: http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + secret}},
		Body:   []byte(body),
	}
}

// inLines says of a request that its body is newline-delimited.
func inLines(q webhooktest.Request) webhooktest.Request {
	return q.With("Content-Type", "application/x-ndjson")
}

// forged has the secret of another product.
func forged(q webhooktest.Request) webhooktest.Request {
	return q.With("Authorization", "Bearer the-secret-of-another-product")
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}
