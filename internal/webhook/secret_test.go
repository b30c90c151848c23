// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

func TestSecretVerifier(t *testing.T) {
	tests := map[string]struct {
		secrets Secrets
		given   string
		want    bool
	}{
		"the only one":           {testSecret, testSecret, true},
		"the first":              {"first,second,third", "first", true},
		"the second":             {"first,second,third", "second", true},
		"the last":               {"first,second,third", "third", true},
		"space around the own":   {" first\t, second\n", "second", true},
		"space within":           {"a secret", "a secret", true},
		"a longer one":           {Secrets(strings.Repeat("x", 1000)), strings.Repeat("x", 1000), true},
		"umlauts":                {"ümläut", "ümläut", true},
		"another":                {"first,second", "third", false},
		"one that was replaced":  {"second", "first", false},
		"same length, wrong":     {testSecret, strings.Repeat("x", len(testSecret)), false},
		"last character wrong":   {"secret1", "secret2", false},
		"first character wrong":  {"1secret", "2secret", false},
		"other case":             {"secret", "Secret", false},
		"beginning":              {"secret", "secre", false},
		"more":                   {"secret", "secret1", false},
		"twice":                  {"secret", "secretsecret", false},
		"with NUL":               {"secret", "secret\x00", false},
		"space around the given": {"secret", " secret", false}, // headers are trimmed before
		"all of them":            {"first,second", "first,second", false},
		"empty":                  {testSecret, "", false},
		"very long":              {testSecret, strings.Repeat(testSecret, 10_000), false},
		"hash of the secret":     {"secret", "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, NewSecretVerifier(test.secrets.List()).Verify(test.given))
		})
	}
}

// Nobody is let in where a variable of the environment was not set.
func TestEmptySecretsLetNobodyIn(t *testing.T) {
	for _, secrets := range [][]configopaque.String{nil, {""}, {" "}, {"", "\t"}} {
		v := NewSecretVerifier(secrets)
		for _, given := range []string{"", " ", "\t", "x"} {
			assert.False(t, v.Verify(given), "%q %q", secrets, given)
		}
	}
	v := NewSecretVerifier([]configopaque.String{"", "right"})
	assert.True(t, v.Verify("right"), "its neighbour works")
	assert.False(t, v.Verify(""))
}

func TestSecretVerifierConcurrently(t *testing.T) {
	v := NewSecretVerifier([]configopaque.String{"old", testSecret})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				assert.True(t, v.Verify(testSecret))
				assert.False(t, v.Verify("x"))
			}
		})
	}
	group.Wait()
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestAuthorization(t *testing.T) {
	secretBasic := basic("user", "secret")
	tests := map[string]struct {
		values []string
		want   string
	}{
		"bearer":                       {[]string{"Bearer secret"}, "secret"},
		"bearer in lower case":         {[]string{"bearer secret"}, "secret"},
		"bearer in upper case":         {[]string{"BEARER secret"}, "secret"},
		"bearer and much space":        {[]string{"  Bearer   secret  "}, "secret"},
		"bearer of several words":      {[]string{"Bearer a b"}, "a b"},
		"bearer of base64":             {[]string{"Bearer c2VjcmV0"}, "c2VjcmV0"},
		"bearer without a token":       {[]string{"Bearer"}, ""},
		"bearer and an empty token":    {[]string{"Bearer "}, ""},
		"bearer without space":         {[]string{"Bearersecret"}, ""},
		"bearer and a tabulator":       {[]string{"Bearer\tsecret"}, ""},
		"basic":                        {[]string{secretBasic}, "secret"},
		"basic in lower case":          {[]string{strings.Replace(secretBasic, "Basic", "basic", 1)}, "secret"},
		"basic in upper case":          {[]string{strings.Replace(secretBasic, "Basic", "BASIC", 1)}, "secret"},
		"basic without a user":         {[]string{basic("", "secret")}, "secret"},
		"basic, user is an address":    {[]string{basic("jane@example.com", "secret")}, "secret"},
		"basic, colon in the password": {[]string{basic("user", "a:b:c")}, "a:b:c"},
		"basic, colon first":           {[]string{basic("user", ":")}, ":"},
		"basic, space in the password": {[]string{basic("user", " a ")}, " a "},
		"basic, umlauts":               {[]string{basic("user", "ümläut")}, "ümläut"},
		"basic, any byte":              {[]string{basic("user", "\x00\xff")}, "\x00\xff"},
		"basic, empty password":        {[]string{basic("user", "")}, ""},
		"basic without a colon":        {[]string{"Basic " + base64.StdEncoding.EncodeToString([]byte("secret"))}, ""},
		"basic without credentials":    {[]string{"Basic"}, ""},
		"basic, not encoded":           {[]string{"Basic user:secret"}, ""},
		"basic, padding left out":      {[]string{strings.TrimRight(basic("user", "secret"), "=")}, ""},
		"basic, URL-safe alphabet":     {[]string{"Basic " + base64.URLEncoding.EncodeToString([]byte("user:\xff\xff\xfe?"))}, ""},
		"another scheme":               {[]string{"Digest secret"}, ""},
		"no scheme":                    {[]string{"secret"}, ""},
		"a space first":                {[]string{" secret"}, ""},
		"empty":                        {[]string{""}, ""},
		"missing":                      {nil, ""},
		"two headers":                  {[]string{"Bearer secret", "Bearer secret"}, ""},
		"bearer and basic":             {[]string{"Bearer secret", secretBasic}, ""},
		"two in one header":            {[]string{"Bearer secret, Bearer other"}, "secret, Bearer other"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, Authorization(http.Header{"Authorization": test.values}))
		})
	}
}

// What any of this reads as must not be let in by an empty secret.
func FuzzAuthorization(f *testing.F) {
	for _, value := range []string{"Bearer " + testSecret, basic("user", testSecret), basic("a", "b:c"), "Basic !", "Bearer", " ", "Digest x"} {
		f.Add(value)
	}
	v := NewSecretVerifier([]configopaque.String{"", testSecret})
	f.Fuzz(func(t *testing.T, value string) {
		given := Authorization(http.Header{"Authorization": {value}})
		assert.Equal(t, given == testSecret, v.Verify(given))
		assert.LessOrEqual(t, len(given), len(value))
	})
}

func BenchmarkSecretVerifier(b *testing.B) {
	header := http.Header{"Authorization": {basic("user", testSecret)}}
	for _, secrets := range []Secrets{testSecret, "a,b," + testSecret} {
		b.Run(fmt.Sprintf("secrets=%d", len(secrets.List())), func(b *testing.B) {
			v := NewSecretVerifier(secrets.List())
			b.ReportAllocs()
			for b.Loop() {
				if !v.Verify(Authorization(header)) {
					b.Fatal("refused")
				}
			}
		})
	}
}

// The requests of the table are made by hand; this one is made by net/http.
func TestBasicIsWhatClientsSend(t *testing.T) {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost", http.NoBody)
	require.NoError(t, err)
	request.SetBasicAuth("user", "a:b")
	assert.Equal(t, "a:b", Authorization(request.Header))
	assert.Equal(t, basic("user", "a:b"), request.Header.Get("Authorization"))
}
