// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
)

// tricky is a body whose signature by testSecret differs between base64's two
// alphabets.
func tricky(t *testing.T) string {
	t.Helper()
	for i := range 1_000 {
		body := fmt.Sprintf(`{"activities":[{"id":"%d"}]}`, i)
		if s := sign(testSecret, body); strings.Contains(s, "+") && strings.Contains(s, "/") {
			return body
		}
	}
	t.Fatal("no such body")
	return ""
}

func TestWrongCredentials(t *testing.T) {
	body := tricky(t)
	right := sign(testSecret, body)
	flipped := []byte(right)
	flipped[10] ^= 1
	mac, err := base64.StdEncoding.DecodeString(right)
	require.NoError(t, err)
	headers := map[string][]string{
		"missing":             nil,
		"empty":               {""},
		"space":               {" "},
		"no base64":           {"!!!!"},
		"too short":           {"d3Jvbmc="},
		"same length wrong":   {strings.Repeat("A", len(right)-1) + "="},
		"without any padding": {strings.Repeat("A", len(right))},
		"one character wrong": {string(flipped)},
		"by another secret":   {sign("another-secret", body)},
		"by an empty secret":  {sign("", body)},
		"of another body":     {sign(testSecret, body+" ")},
		"truncated":           {right[:len(right)-4]},
		"without padding":     {strings.TrimRight(right, "=")},
		"padding bits set":    {right[:len(right)-2] + string(right[len(right)-2]+1) + "="},
		"URL-safe base64":     {base64.URLEncoding.EncodeToString(mac)},
		"hexadecimal":         {fmt.Sprintf("%x", mac)},
		"with a prefix":       {"sha256=" + right},
		"twice":               {right, right},
		"right and wrong":     {right, "wrong"},
		"wrong and right":     {"wrong", right},
		"joined":              {right + ", " + right},
		"the secret itself":   {testSecret},
		"very long":           {strings.Repeat("A", 100_000)},
	}
	r := startRig(t)
	for name, values := range headers {
		t.Run(name, func(t *testing.T) {
			request := r.request(strings.NewReader(body))
			for _, value := range values {
				request.Header.Add(signature, value)
			}
			got := r.do(request)
			r.requireCode(http.StatusUnauthorized, got)
			// nobody learns what was wrong with it
			assert.Equal(t, "Unauthorized\n", got.body)
		})
	}
	assert.EqualValues(t, len(headers), r.rejected(Unauthorized))
	assert.Zero(t, r.accepted()+r.refused())
	assert.Empty(t, r.sink.handovers())

	r.requireCode(http.StatusOK, r.post(body))
}

// What the header carries may have space around it, but nothing else.
func TestVerifyIsStrict(t *testing.T) {
	body := tricky(t)
	right := sign(testSecret, body)
	v := NewHMACVerifier([]configopaque.String{testSecret})
	require.True(t, v.Verify(right, []byte(body)))
	for _, s := range []string{right + "\n", right + " ", "\n" + right, right[:20] + "\n" + right[20:], right[:20] + "\r\n" + right[20:43], right + right} {
		assert.False(t, v.Verify(s, []byte(body)), "%q", s)
	}
	assert.Equal(t, right, Header(http.Header{"X-Signature": {" " + right + "\t"}}, signature))
}

func TestNobodyIsLetInWithoutASecret(t *testing.T) {
	for _, secrets := range [][]configopaque.String{nil, {""}, {" "}, {"", "\t"}} {
		v := NewHMACVerifier(secrets)
		for _, key := range []string{"", " ", "\t"} {
			assert.False(t, v.Verify(sign(key, "{}"), []byte("{}")))
		}
		assert.False(t, v.Verify("", nil))
	}
}

func TestSecretsCanBeRotated(t *testing.T) {
	r := startRig(t, func(r *rig) {
		r.source.verifier = NewHMACVerifier(Secrets("first, second ,third\n").List())
	})
	for i, secret := range []string{"first", "second", "third", "first"} {
		body := ids(fmt.Sprint(i))
		request := r.request(strings.NewReader(body))
		request.Header.Set(signature, sign(secret, body))
		r.requireCode(http.StatusOK, r.do(request))
	}
	request := r.request(strings.NewReader(ids("x")))
	request.Header.Set(signature, sign("fourth", ids("x")))
	r.requireCode(http.StatusUnauthorized, r.do(request))
	assert.Equal(t, []string{"0", "1", "2", "3"}, r.sink.stored())
}

type countingHash struct {
	hash.Hash
	written *int
}

func (h *countingHash) Write(p []byte) (int, error) {
	*h.written += len(p)
	return h.Hash.Write(p)
}

// How long it takes must not tell which secret matched, or whether the signature
// was well formed: the whole body is hashed with each secret.
func TestEverySecretIsTried(t *testing.T) {
	const body = `{"activities":[]}`
	secrets := []configopaque.String{"first", "second", "third"}
	for name, given := range map[string]string{
		"first matches": sign("first", body), "second matches": sign("second", body), "third matches": sign("third", body),
		"none matches": sign("fourth", body), "malformed": "malformed", "missing": "",
	} {
		t.Run(name, func(t *testing.T) {
			v := NewHMACVerifier(secrets)
			hashed := make([]int, len(secrets))
			for i := range v.keyed {
				v.keyed[i] = &sync.Pool{New: func() any {
					return &mac{hash: &countingHash{Hash: hmac.New(sha256.New, []byte(secrets[i])), written: &hashed[i]}}
				}}
			}
			assert.Equal(t, strings.HasSuffix(name, " matches") && name != "none matches", v.Verify(given, []byte(body)))
			assert.Equal(t, []int{len(body), len(body), len(body)}, hashed)
		})
	}
}

func TestVerifyConcurrently(t *testing.T) {
	v := NewHMACVerifier([]configopaque.String{"old", testSecret})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			body := ids(fmt.Sprint(i))
			right := sign(testSecret, body)
			for range 200 {
				assert.True(t, v.Verify(right, []byte(body)))
				assert.False(t, v.Verify(right, []byte(body+"x")))
			}
		})
	}
	group.Wait()
}

func FuzzVerify(f *testing.F) {
	f.Add(sign(testSecret, "{}"), []byte("{}"))
	f.Add(sign("old", "{}"), []byte("{}"))
	f.Add("", []byte(nil))
	f.Add("====", []byte("x"))
	f.Add(strings.Repeat("\n", 44), []byte("x"))
	f.Add(strings.Repeat("=", 44), []byte("x"))
	v := NewHMACVerifier([]configopaque.String{"old", testSecret})
	f.Fuzz(func(t *testing.T, given string, body []byte) {
		want := given == sign("old", string(body)) || given == sign(testSecret, string(body))
		assert.Equal(t, want, v.Verify(given, body))
		assert.True(t, v.Verify(sign(testSecret, string(body)), body))
	})
}

func BenchmarkVerify(b *testing.B) {
	body := []byte(strings.Repeat("x", 1024))
	right := sign(testSecret, string(body))
	for _, secrets := range []Secrets{testSecret, "a,b," + testSecret} {
		b.Run(fmt.Sprintf("secrets=%d", len(secrets.List())), func(b *testing.B) {
			v := NewHMACVerifier(secrets.List())
			b.ReportAllocs()
			b.SetBytes(int64(len(body)))
			for b.Loop() {
				if !v.Verify(right, body) {
					b.Fatal("refused")
				}
			}
		})
	}
}
