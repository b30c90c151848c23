// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// startBare runs a handler that reads the body and checks the credential: what no
// receiver of webhooks can do without.
func startBare(tb testing.TB) string {
	tb.Helper()
	listener, err := new(net.ListenConfig).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		switch {
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
		case !isLetIn(r.Header, body):
			w.WriteHeader(http.StatusUnauthorized)
		}
	})}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	tb.Cleanup(func() {
		require.NoError(tb, server.Close())
		require.ErrorIs(tb, <-served, http.ErrServerClosed)
	})
	return listener.Addr().String()
}

// isLetIn checks a signature where there is one, and a secret where there is none.
func isLetIn(header http.Header, body []byte) bool {
	encoded := header.Get(signature)
	if encoded == "" {
		given, want := sha256.Sum256([]byte(header.Get(apiKey))), sha256.Sum256([]byte(secret))
		return hmac.Equal(given[:], want[:])
	}
	given, err := base64.StdEncoding.DecodeString(encoded)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return err == nil && hmac.Equal(mac.Sum(nil), given)
}
