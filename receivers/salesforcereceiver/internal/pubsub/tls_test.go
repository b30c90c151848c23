// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// TestEncrypted: the connection is encrypted with whoever proves to be the server, and only
// with them.
func TestEncrypted(t *testing.T) {
	https := httptest.NewTLSServer(nil)
	certificate, authority := https.TLS.Certificates[0], https.Certificate()
	https.Close()

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(&tls.Config{Certificates: []tls.Certificate{certificate}})))
	pubsubapi.RegisterPubSubServer(server, pubsubapi.UnimplementedPubSubServer{})
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		server.Stop()
		serving.Wait()
	})

	trusted := x509.NewCertPool()
	trusted.AddCert(authority)
	for want, config := range map[codes.Code]*tls.Config{codes.Unimplemented: {RootCAs: trusted, MinVersion: tls.VersionTLS12}, codes.Unavailable: nil} {
		client, err := NewClient(Settings{Endpoint: listener.Addr().String(), TLS: config, Tokens: newTokens()})
		require.NoError(t, err)
		require.Equal(t, want, failureOf(t, client.CheckTopic(t.Context(), topic)).Status)
		require.NoError(t, client.Close())
	}
}
