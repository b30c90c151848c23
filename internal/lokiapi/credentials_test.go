// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWithoutCredentials(t *testing.T) {
	request := &http.Request{Header: http.Header{
		"Authorization": {"Bearer canary-of-loki"}, "X-Token": {"canary-of-a-gateway", "canary-2"}, "X-Short": {"a b"},
		"Content-Type": {"application/json"}, "X-Scope-Orgid": {"tenant"},
	}}
	for said, want := range map[string]string{
		"no org id": "no org id",
		"Authorization: Bearer canary-of-loki; Content-Type: application/json": "Authorization: **** ****; Content-Type: application/json",
		"X-Token: canary-of-a-gateway, canary-2 (canary-2)":                    "X-Token: ****, **** (****)",
		"a bad tenant": "a bad tenant",
	} {
		assert.Equal(t, want, withoutCredentials(said, &http.Response{Request: request}))
	}
	assert.Equal(t, "no request", withoutCredentials("no request", &http.Response{}))
}

func TestExcerpt(t *testing.T) {
	response := &http.Response{Request: &http.Request{Header: http.Header{"Authorization": {"Bearer canary-of-loki"}}}}
	for said, want := range map[string]string{
		"no org id\n":                        "no org id",
		"canary-of-loki":                     "****",
		"canary\u200b-of\u202e-loki":         "****",
		"a \x1b[2J\u009b2J line\nof another": "a [2J 2J line of …",
		"\xff canary-of-loki is too long":    "\ufffd **** is too long",
	} {
		assert.Equal(t, want, Excerpt(said, response, 20), "%q", said)
	}
}
