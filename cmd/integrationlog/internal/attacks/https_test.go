// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// TestAttacksOnHTTPS attacks the port of webhooks as other machines reach it: over TLS, and so
// over HTTP/2. Meanwhile webhooks are taken.
func TestAttacksOnHTTPS(t *testing.T) {
	all := harness.NewInstallation(t, binaries.AllInOne(t))
	all.Configure(impatient())
	trusted := certify(t, all)
	process, _ := all.Run(t)
	l, product := listener{port: all.Ports.Webhook}, harness.PushedProducts[0]
	port := http2Port{
		name: "webhooks", address: l.address(), method: path(product.Product), contentType: "application/json",
		tls: &tls.Config{RootCAs: trusted, ServerName: "localhost", NextProtos: []string{"h2"}, MinVersion: tls.VersionTLS12},
	}
	transport := &http.Transport{TLSClientConfig: port.tls.Clone(), ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	taken := map[string]bool{}
	post := func(id string) {
		body := fmt.Appendf(nil, `{"id":%q,"timestamp":%q,"level":"info","message":"It went well"}`, id, time.Now().UTC().Format(time.RFC3339))
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://"+l.address()+port.method, bytes.NewReader(body))
		require.NoError(t, err)
		request.Header = http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {product.Secret}}
		began := time.Now()
		response, err := (&http.Client{Transport: transport}).Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusOK, response.StatusCode)
		assert.Equal(t, "HTTP/2.0", response.Proto)
		assert.Less(t, time.Since(began), patience, "nobody waits for an attack")
		taken[id] = true
	}
	post("before")
	slow, handshakes := slowStreams(t, port), slowHandshakes(t, l)
	for name, flood := range floods(floodOfUnansweredStreams) {
		t.Run(name, func(t *testing.T) { flood(t, port) })
		post(name)
	}
	awaitEnd(t, slow)
	for _, s := range handshakes {
		require.NoError(t, s.awaitEnd(time.Now().Add(cutOffWithin)), "a handshake is waited for")
	}
	post("after")

	require.False(t, process.HasEnded())
	assert.NotContains(t, process.Stderr.String(), "panic")
	assert.Less(t, process.RSS(t), uint64(mostOfAllInOne))
	all.AwaitEmptyQueue(t, storedWithin)
	entries, err := all.Loki.Entries(t.Context(), everything)
	require.NoError(t, err)
	assert.Len(t, entries, len(taken))
	process.Stop(t)
}

// impatient makes the port of webhooks end connections sooner on which no request is under
// way: a shipped one keeps them for a minute.
func impatient() string {
	receivers := []string{"shopify: {keepalive: {idle_timeout: 5s}}"}
	for _, product := range harness.PushedProducts {
		receivers = append(receivers, strings.ReplaceAll(string(product.Product), "-", "_")+": {keepalive: {idle_timeout: 5s}}")
	}
	return "receivers: {" + strings.Join(receivers, ", ") + "}"
}

// slowHandshakes begins connections that never become ones of TLS.
func slowHandshakes(t *testing.T, l listener) []*slowConnection {
	t.Helper()
	var slow []*slowConnection
	for n := range slowConnections {
		s := &slowConnection{Conn: connect(t, l.address()), listener: l, sent: []string{"", "\x16\x03\x01\x02\x00\x01"}[n%2]}
		_, err := io.WriteString(s, s.sent)
		require.NoError(t, err)
		slow = append(slow, s)
	}
	return slow
}

// slowStreams begins requests on connections of their own, and ends none of them.
func slowStreams(t *testing.T, port http2Port) []*frames {
	t.Helper()
	var slow []*frames
	for n := range slowConnections {
		f := hold(t, port)
		switch n % 3 {
		case 0: // nothing at all
		case 1:
			require.NoError(t, f.begin(1, port.method, false))
		case 2:
			require.NoError(t, f.begin(1, port.method, true))
			require.NoError(t, f.WriteData(1, false, []byte("{")))
		}
		slow = append(slow, f)
	}
	return slow
}

// awaitEnd requires that each of the connections is ended by the other side.
func awaitEnd(t *testing.T, slow []*frames) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), cutOffWithin)
	defer cancel()
	var waiting sync.WaitGroup
	for n, f := range slow {
		waiting.Go(func() {
			select {
			case <-f.ended:
			case <-ctx.Done():
				assert.Fail(t, "a slow connection stays", "of kind %d", n%3)
			}
		})
	}
	waiting.Wait()
}

// floodOfUnansweredStreams are requests whose bodies do not come, and for whose answers there
// is no room.
func floodOfUnansweredStreams(t *testing.T, port http2Port) {
	t.Helper()
	f := dialFrames(t, port)
	defer f.close()
	require.NoError(t, f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 0}))
	for n := range uint32(floodStreams) {
		if f.hasHungUp(t, f.begin(2*n+1, port.method, true)) {
			return
		}
	}
}

// certify gives an installation a certificate for localhost, and returns who vouches for it.
func certify(t *testing.T, i *harness.Installation) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for variable, block := range map[string]*pem.Block{
		"INTEGRATIONLOG_TLS_CERT_FILE": {Type: "CERTIFICATE", Bytes: certificate},
		"INTEGRATIONLOG_TLS_KEY_FILE":  {Type: "PRIVATE KEY", Bytes: secret},
	} {
		i.Env[variable] = filepath.Join(t.TempDir(), variable)
		require.NoError(t, os.WriteFile(i.Env[variable], pem.EncodeToMemory(block), 0o600))
	}
	trusted := x509.NewCertPool()
	parsed, err := x509.ParseCertificate(certificate)
	require.NoError(t, err)
	trusted.AddCert(parsed)
	return trusted
}
