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
		assert.Equal(t, want, WithoutCredentials(said, &http.Response{Request: request}))
	}
	assert.Equal(t, "no request", WithoutCredentials("no request", &http.Response{}))
}
