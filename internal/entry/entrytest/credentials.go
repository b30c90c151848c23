// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/entry"
	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// CheckCredentials is the list of who is let in and who is not, over HTTP. Whoever is not
// gets the same answer, whatever was wrong.
func CheckCredentials(t *testing.T, factory receiver.Factory) {
	t.Helper()
	const older = "the-older-secret"
	const header = "X-Log-Key"
	r := webhooktest.Start(t, subject(factory, func(c *entry.Config) {
		c.Secrets = " " + secret + " , " + older + "\n"
		c.APIKeyHeader = header
	}), nil)
	for name, test := range map[string]struct {
		authorization, key []string
		letIn              bool
	}{
		"bearer":                          {authorization: []string{"Bearer " + secret}, letIn: true},
		"bearer in lower case":            {authorization: []string{"bearer " + secret}, letIn: true},
		"bearer, the older secret":        {authorization: []string{"Bearer " + older}, letIn: true},
		"basic":                           {authorization: []string{basic("integration-log", secret)}, letIn: true},
		"basic, no user":                  {authorization: []string{basic("", secret)}, letIn: true},
		"API key":                         {key: []string{secret}, letIn: true},
		"API key, the older secret":       {key: []string{older}, letIn: true},
		"API key beside another's bearer": {authorization: []string{"Bearer another"}, key: []string{secret}, letIn: true},
		"nothing":                         {},
		"another product's bearer":        {authorization: []string{"Bearer the-secret-of-another-product"}},
		"another product's basic":         {authorization: []string{basic("integration-log", "the-secret-of-another-product")}},
		"another product's API key":       {key: []string{"the-secret-of-another-product"}},
		"basic, secret as user":           {authorization: []string{basic(secret, "")}},
		"basic, not base64":               {authorization: []string{"Basic " + secret}},
		"bearer, nothing":                 {authorization: []string{"Bearer "}},
		"bearer, the beginning":           {authorization: []string{"Bearer " + secret[:len(secret)-1]}},
		"bearer, longer":                  {authorization: []string{"Bearer " + secret + "x"}},
		"bearer, another case":            {authorization: []string{"Bearer " + strings.ToUpper(secret)}},
		"bearer, both secrets":            {authorization: []string{"Bearer " + secret + "," + older}},
		"bearer twice":                    {authorization: []string{"Bearer " + secret, "Bearer " + secret}},
		"the secret alone":                {authorization: []string{secret}},
		"another scheme":                  {authorization: []string{"Token " + secret}},
		"API key, empty":                  {key: []string{""}},
		"API key twice":                   {key: []string{secret, secret}},
		"API key with the word bearer":    {key: []string{"Bearer " + secret}},
		"API key, very long":              {key: []string{strings.Repeat("x", 8000)}},
	} {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			reply := r.Post(t, newRequest(`{"message":"Hello"}`).With("Authorization", test.authorization...).With(header, test.key...))
			if test.letIn {
				require.Equal(t, http.StatusOK, reply.Code)
				require.Equal(t, 1, r.Sink.LogRecordCount())
				return
			}
			require.Equal(t, http.StatusUnauthorized, reply.Code)
			require.Equal(t, "Unauthorized\n", reply.Body, "no reason is given")
			require.Zero(t, r.Sink.LogRecordCount())
		})
	}
	t.Run("API key in the default header, which is another now", func(t *testing.T) {
		reply := r.Post(t, newRequest("{}").With("Authorization").With(entry.DefaultAPIKeyHeader, secret))
		require.Equal(t, http.StatusUnauthorized, reply.Code)
	})
	t.Run("API key in the default header", func(t *testing.T) {
		r := webhooktest.Start(t, subject(factory), nil)
		reply := r.Post(t, newRequest(`{"message":"Hello"}`).With("Authorization").With(entry.DefaultAPIKeyHeader, secret))
		require.Equal(t, http.StatusOK, reply.Code)
	})
}
