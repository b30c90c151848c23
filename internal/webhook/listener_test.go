// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"

	"github.com/integrationlog/integrationlog/internal/storagetest"
)

// at sends a signed webhook to another path of the receiver's endpoint.
func (r *rig) at(path, body string) answer {
	request := r.signed(body)
	request.URL.Path = path
	return r.do(request)
}

func TestReceiversShareAnEndpoint(t *testing.T) {
	endpoint := freeEndpoint(t)
	a := newRig(t, withEndpoint(endpoint), withPath("/a"))
	b := newRig(t, withEndpoint(endpoint), withPath("/b"), func(r *rig) {
		r.source.verifier = NewHMACVerifier([]configopaque.String{"secret-of-b"})
	})
	a.start()
	b.start()
	r := a.post(ids("1"))
	a.requireCode(http.StatusOK, r)
	a.requireCode(http.StatusUnauthorized, a.at("/b", ids("2")))
	request := b.request(strings.NewReader(ids("3")))
	request.Header.Set(signature, sign("secret-of-b", ids("3")))
	b.requireCode(http.StatusOK, b.do(request))
	for _, path := range []string{"/", "/c", "/a/", "/a/b", "/A", "//a"} {
		got := a.at(path, ids("4"))
		require.NoError(t, got.err)
		assert.Equal(t, http.StatusNotFound, got.code, path)
	}
	assert.Equal(t, []string{"1"}, a.sink.stored())
	assert.Equal(t, []string{"3"}, b.sink.stored())
	assert.Zero(t, a.allRejected())
	assert.EqualValues(t, 1, b.rejected(Unauthorized))
}

// A path that exists but does not run, yet or any more, is not unknown: a vendor
// gives up on 404.
func TestPathsThatDoNotRun(t *testing.T) {
	endpoint := freeEndpoint(t)
	a := newRig(t, withEndpoint(endpoint), withPath("/a"))
	b := newRig(t, withEndpoint(endpoint), withPath("/b"))
	_, err := net.Dial("tcp", endpoint)
	require.Error(t, err, "nobody listens yet")

	a.start()
	got := a.at("/b", ids("1"))
	a.requireCode(http.StatusServiceUnavailable, got)
	assert.Equal(t, "5", got.header.Get("Retry-After"))
	b.start()
	a.requireCode(http.StatusOK, a.at("/b", ids("1")))
	a.stop()
	b.requireCode(http.StatusServiceUnavailable, b.at("/a", ids("2")))
	b.requireCode(http.StatusOK, b.post(ids("2")))
	assert.EqualValues(t, 1, a.rejected(NotRunning))
	assert.EqualValues(t, 1, b.rejected(NotRunning))

	b.stop()
	_, err = net.Dial("tcp", endpoint)
	require.Error(t, err, "nobody listens any more")
}

func TestNetworkSettingsMustAgree(t *testing.T) {
	differences := map[string]func(*confighttp.ServerConfig){
		"tls": func(c *confighttp.ServerConfig) {
			c.TLS = configoptional.Some(configtls.NewDefaultServerConfig())
		},
		"timeouts": func(c *confighttp.ServerConfig) { c.ReadHeaderTimeout++ },
		"keepalive": func(c *confighttp.ServerConfig) {
			c.Keepalive = configoptional.None[confighttp.KeepaliveServerConfig]()
		},
		"include_metadata": func(c *confighttp.ServerConfig) { c.IncludeMetadata = true },
		"response_headers": func(c *confighttp.ServerConfig) {
			c.ResponseHeaders = configopaque.MapList{{Name: "X", Value: "y"}}
		},
	}
	for name, difference := range differences {
		t.Run(name, func(t *testing.T) {
			a := startRig(t, withPath("/a"))
			b := newRig(t, withEndpoint(a.config.ServerConfig.NetAddr.Endpoint), withPath("/b"), func(r *rig) { difference(&r.config.ServerConfig) })
			err := b.receiver.Start(t.Context(), b.host)
			require.ErrorContains(t, err, `receivers "fake/a" and "fake/b" share the endpoint`)
			require.ErrorContains(t, err, "network and TLS settings must be the same")
			b.stop()
			a.requireCode(http.StatusOK, a.post(ids("1")))
		})
	}
}

func TestSettingsOfARouteMayDiffer(t *testing.T) {
	a := startRig(t, withPath("/a"), func(r *rig) { r.config.ServerConfig.MaxRequestBodySize = 100 })
	b := startRig(t, withEndpoint(a.config.ServerConfig.NetAddr.Endpoint), withPath("/b"), withStorage(storagetest.New()), func(r *rig) {
		r.config.ServerConfig.MaxRequestBodySize = 1_000_000
		r.config.ServerConfig.CompressionAlgorithms = []string{""}
		r.config.Timeout = 20 * time.Second
		r.config.MinFreeDisk.Directory = t.TempDir()
		r.config.MinFreeDisk.MiB = 1
	})
	body := ids(strings.Repeat("x", 500_000))
	a.requireCode(http.StatusRequestEntityTooLarge, a.post(body))
	b.requireCode(http.StatusOK, b.post(body))
}

func TestSamePathTwice(t *testing.T) {
	a := newRig(t, withPath("/a"))
	b := newRig(t, withEndpoint(a.config.ServerConfig.NetAddr.Endpoint), withPath("/a"), func(r *rig) {
		r.id = component.NewIDWithName(testType, "another")
	})
	a.start()
	err := b.receiver.Start(t.Context(), b.host)
	require.ErrorContains(t, err, `receivers "fake/a" and "fake/another" have the same endpoint`)
	require.ErrorContains(t, err, `and the same path "/a": give one of them another path`)
	b.stop()
	a.requireCode(http.StatusOK, a.post(ids("1")))
	assert.Equal(t, []string{"1"}, a.sink.stored())
}

func TestPortIsTaken(t *testing.T) {
	other, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	storage := storagetest.New()
	r := newRig(t, withEndpoint(other.Addr().String()), withStorage(storage))
	err = r.receiver.Start(t.Context(), r.host)
	require.ErrorContains(t, err, `receiver "fake": cannot listen on endpoint "`+other.Addr().String()+`" (another program may have the port`)
	require.ErrorContains(t, err, "address already in use")
	r.stop()
	assert.Zero(t, storage.Open(), "what was opened before is closed")

	require.NoError(t, other.Close())
	r.create()
	r.start()
	r.requireCode(http.StatusOK, r.post(ids("1")))
}

// Two names of one address are two listeners, of which only one can be.
func TestSameAddressUnderAnotherName(t *testing.T) {
	a := startRig(t, withPath("/a"))
	_, port, err := net.SplitHostPort(a.config.ServerConfig.NetAddr.Endpoint)
	require.NoError(t, err)
	b := newRig(t, withEndpoint("0.0.0.0:"+port), withPath("/b"))
	err = b.receiver.Start(t.Context(), b.host)
	require.ErrorContains(t, err, `receiver "fake/b"`)
	require.ErrorContains(t, err, "another receiver under another name of this host")
}

func TestSettingsThatCannotBeUsed(t *testing.T) {
	missing := configtls.NewDefaultServerConfig()
	missing.CertFile, missing.KeyFile = "missing.crt", "missing.key"
	tests := map[string]struct {
		option func(*confighttp.ServerConfig)
		want   string
	}{
		"certificate": {func(c *confighttp.ServerConfig) { c.TLS = configoptional.Some(missing) }, "missing.crt"},
		"authentication": {func(c *confighttp.ServerConfig) {
			c.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: component.MustNewID("nobody")}})
		}, "nobody"},
		"endpoint": {func(c *confighttp.ServerConfig) { c.NetAddr.Endpoint = "127.0.0.1:port" }, "127.0.0.1:port"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(r *rig) {
				r.config.ServerConfig.NetAddr.Endpoint = "127.0.0.1:0"
				test.option(&r.config.ServerConfig)
			})
			err := r.receiver.Start(t.Context(), r.host)
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, `receiver "fake"`)
			if name != "endpoint" {
				assert.NotContains(t, err.Error(), "another program")
			}
		})
	}
}

// A reload stops all receivers of a process and starts new ones on the same port.
func TestReload(t *testing.T) {
	a := startRig(t, withPath("/a"))
	b := startRig(t, withEndpoint(a.config.ServerConfig.NetAddr.Endpoint), withPath("/b"))
	for i := range 3 {
		a.requireCode(http.StatusOK, a.post(ids(fmt.Sprint(i))))
		b.requireCode(http.StatusOK, b.post(ids(fmt.Sprint(i))))
		for _, r := range []*rig{a, b} {
			require.NoError(t, r.receiver.Shutdown(t.Context()), "although the clients keep their connections")
			r.client.CloseIdleConnections()
		}
		for _, r := range []*rig{b, a} {
			r.create()
			r.start()
		}
	}
	assert.Equal(t, []string{"0", "1", "2"}, a.sink.stored())
}

// A reload of single receivers creates the new one while the old one runs.
func TestReplacementIsCreatedBeforeTheOldOneStops(t *testing.T) {
	a := startRig(t, withPath("/a"))
	b := startRig(t, withEndpoint(a.config.ServerConfig.NetAddr.Endpoint), withPath("/b"))
	old := b.receiver
	b.create()
	b.requireCode(http.StatusOK, b.post(ids("1")))
	require.NoError(t, old.Shutdown(t.Context()))
	b.requireCode(http.StatusServiceUnavailable, b.post(ids("2")))
	b.start()
	b.requireCode(http.StatusOK, b.post(ids("2")))
	a.requireCode(http.StatusOK, a.post(ids("3")))
}

func TestShutdownFinishesWhatIsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipes := withPipes(t)
		g := newGate()
		r := startRig(t, pipes, withPath("/a"), withConsume(g.consume))
		neighbour := startRig(t, pipes, withPath("/b"))
		inFlight := r.postLater(ids("1"))
		<-g.entered
		waiting := r.postLater(ids("2"))
		synctest.Wait()

		stopped := make(chan error, 1)
		go func() { stopped <- r.receiver.Shutdown(context.Background()) }()
		synctest.Wait()
		select {
		case err := <-stopped:
			require.NoError(t, err)
			t.Fatal("stopped while requests are in flight")
		default:
		}
		r.requireCode(http.StatusServiceUnavailable, r.post(ids("3")))

		g.proceed <- nil
		r.requireCode(http.StatusOK, <-inFlight)
		<-g.entered
		g.proceed <- nil
		r.requireCode(http.StatusOK, <-waiting)
		require.NoError(t, <-stopped)
		assert.Equal(t, []string{"1", "2"}, r.sink.stored())
		neighbour.requireCode(http.StatusOK, neighbour.post(ids("4")))
		neighbour.stop()
	})
}

// A request that is still arriving is in flight as well: nothing may be handed over
// after the end, when the pipeline ends.
func TestShutdownWaitsForWhatArrives(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipes := withPipes(t)
		r := startRig(t, pipes, withPath("/a"))
		neighbour := startRig(t, pipes, withPath("/b"))
		content := ids("1")
		body, writer := io.Pipe()
		request := r.request(body)
		request.Header.Set(signature, sign(testSecret, content))
		arriving := make(chan answer, 1)
		go func() { arriving <- r.do(request) }()
		_, err := io.WriteString(writer, content[:5])
		require.NoError(t, err)
		synctest.Wait()

		stopped := make(chan error, 1)
		go func() { stopped <- r.receiver.Shutdown(context.Background()) }()
		synctest.Wait()
		select {
		case err := <-stopped:
			require.NoError(t, err)
			t.Fatal("stopped while a request arrives")
		default:
		}
		_, err = io.WriteString(writer, content[5:])
		require.NoError(t, err)
		require.NoError(t, writer.Close())
		r.requireCode(http.StatusOK, <-arriving)
		require.NoError(t, <-stopped)
		assert.Equal(t, []string{"1"}, r.sink.stored())
		neighbour.stop()
	})
}

// The last one closes the port, but finishes as well.
func TestShutdownOfTheLastFinishesWhatIsInFlight(t *testing.T) {
	g := newGate()
	storage := storagetest.New()
	r := startRig(t, withConsume(g.consume), withStorage(storage))
	inFlight := r.postLater(ids("1"))
	<-g.entered
	stopped := make(chan error, 1)
	go func() { stopped <- r.receiver.Shutdown(context.Background()) }()
	require.Eventually(t, func() bool { return !r.receiver.(*webhookReceiver).route.isRunning() }, 10*time.Second, time.Millisecond)
	g.proceed <- nil
	r.requireCode(http.StatusOK, <-inFlight)
	require.NoError(t, <-stopped)
	assert.Len(t, storage.Data(), 2, "it is remembered")
	assert.Zero(t, storage.Open())
}

// A hand-over that nobody waits for any more is waited for all the same: what comes
// of it has to be remembered.
func TestShutdownWaitsForHandovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := storagetest.New()
		r, g := gated(t, withStorage(storage))
		late := r.postLater(ids("1"))
		<-g.entered
		r.requireCode(http.StatusServiceUnavailable, <-late)
		stopped := make(chan error, 1)
		go func() { stopped <- r.receiver.Shutdown(context.Background()) }()
		synctest.Wait()
		select {
		case err := <-stopped:
			require.NoError(t, err)
			t.Fatal("stopped while a hand-over is under way")
		default:
		}
		r.client.CloseIdleConnections()
		g.proceed <- nil
		require.NoError(t, <-stopped)

		after := startRig(t, withPipes(t), withStorage(storage))
		after.requireCode(http.StatusOK, after.post(ids("1")))
		assert.Empty(t, after.sink.stored())
		after.stop()
	})
}

func TestShutdownHonoursItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		storage := storagetest.New()
		r, g := gated(t, withStorage(storage))
		inFlight := r.postLater(ids("1"))
		<-g.entered
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begin := time.Now()
		err := r.receiver.Shutdown(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Less(t, time.Since(begin), 2*time.Second)
		assert.Zero(t, storage.Open())
		require.Error(t, (<-inFlight).err, "the connection is closed")
		assert.Less(t, time.Since(begin), 2*time.Second)
		g.proceed <- nil
		require.NoError(t, r.receiver.Shutdown(t.Context()))
	})
}

func TestShutdownInAnyState(t *testing.T) {
	neighbour := startRig(t, withPath("/b"))
	storage := storagetest.New()
	r := newRig(t, withEndpoint(neighbour.config.ServerConfig.NetAddr.Endpoint), withPath("/a"), withStorage(storage))
	r.stop() // without a start
	r.stop()
	neighbour.requireCode(http.StatusOK, neighbour.post(ids("1")))

	r.create()
	r.start()
	r.requireCode(http.StatusOK, r.post(ids("1")))
	r.stop()
	r.stop() // twice
	assert.Zero(t, storage.Open())
	neighbour.requireCode(http.StatusOK, neighbour.post(ids("2")))

	alone := newRig(t)
	alone.stop()
	alone.create()
	alone.start()
	alone.stop()
	alone.stop()
}

func TestNothingIsLeftOfListeners(t *testing.T) {
	a := startRig(t, withPath("/a"))
	b := startRig(t, withEndpoint(a.config.ServerConfig.NetAddr.Endpoint), withPath("/b"))
	a.stop()
	b.stop()
	newRig(t).stop()
	listeners.mu.Lock()
	defer listeners.mu.Unlock()
	assert.Empty(t, listeners.byAddress)
}

// Nobody can be reached when the port is lost, so the collector has to end.
func TestListenerThatFails(t *testing.T) {
	broken := errors.New("the network is gone")
	fail := make(chan struct{})
	before := listeners.listen
	listeners.listen = func(context.Context, *confighttp.ServerConfig) (net.Listener, error) {
		return &brokenListener{fail: fail, err: broken}, nil
	}
	t.Cleanup(func() { listeners.listen = before })
	a := startRig(t, withPath("/a"), withEndpoint("broken:1"))
	b := startRig(t, withPath("/b"), withEndpoint("broken:1"))
	stopped := startRig(t, withPath("/c"), withEndpoint("broken:1"))
	stopped.stop()
	close(fail)
	for _, r := range []*rig{a, b} {
		require.Eventually(t, func() bool { return len(r.host.statuses()) == 1 }, 10*time.Second, time.Millisecond)
		assert.Equal(t, componentstatus.StatusFatalError, r.host.statuses()[0])
		require.ErrorIs(t, r.host.events[0].Err(), broken)
		require.ErrorContains(t, r.host.events[0].Err(), `the listener on endpoint "broken:1" ended`)
	}
	a.stop()
	b.stop()
	assert.Empty(t, stopped.host.statuses())
	assert.Len(t, a.host.statuses(), 1, "an orderly end is no failure")
}

type brokenListener struct {
	fail chan struct{}
	err  error
}

func (l *brokenListener) Accept() (net.Conn, error) {
	<-l.fail
	return nil, l.err
}

func (*brokenListener) Close() error   { return nil }
func (*brokenListener) Addr() net.Addr { return &net.UnixAddr{Name: "broken:1", Net: "none"} }

// withTLS makes the receiver serve HTTPS, and its client trust it.
func withTLS(t *testing.T) func(*rig) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	certificate := server.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(certificate.PrivateKey)
	require.NoError(t, err)
	config := configtls.NewDefaultServerConfig()
	config.CertFile = filepath.Join(t.TempDir(), "server.crt")
	config.KeyFile = filepath.Join(t.TempDir(), "server.key")
	require.NoError(t, os.WriteFile(config.CertFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o600))
	require.NoError(t, os.WriteFile(config.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}), 0o600))
	return func(r *rig) {
		r.config.ServerConfig.TLS = configoptional.Some(config)
		r.client = server.Client()
	}
}

func TestHTTPS(t *testing.T) {
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		t.Run(protocol, func(t *testing.T) {
			r := startRig(t, withTLS(t), func(r *rig) { r.config.Timeout = 100 * time.Millisecond })
			transport := r.client.Transport.(*http.Transport)
			if protocol == "HTTP/1.1" {
				transport.ForceAttemptHTTP2 = false
				transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
				transport.TLSClientConfig.NextProtos = nil
			}
			secure := func(request *http.Request) answer {
				request.URL.Scheme = "https"
				response, err := r.client.Do(request)
				require.NoError(t, err)
				defer func() { _ = response.Body.Close() }()
				assert.Equal(t, protocol, response.Proto)
				return answer{code: response.StatusCode, header: response.Header}
			}
			r.requireCode(http.StatusOK, secure(r.signed(ids("1"))))
			r.requireCode(http.StatusUnauthorized, secure(r.request(strings.NewReader(ids("2")))))

			body, writer := io.Pipe()
			defer func() { _ = writer.Close() }()
			go func() { _, _ = io.WriteString(writer, "{") }()
			r.requireCode(http.StatusRequestTimeout, secure(r.request(body)))
			r.requireCode(http.StatusOK, secure(r.signed(ids("3"))))
			assert.Equal(t, []string{"1", "3"}, r.sink.stored())
		})
	}
}

func TestUnixSocket(t *testing.T) {
	r := startRig(t, func(r *rig) {
		r.config.ServerConfig.NetAddr = confignet.AddrConfig{Transport: confignet.TransportTypeUnix, Endpoint: filepath.Join(t.TempDir(), "socket")}
		r.client.Transport = &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return net.Dial("unix", r.config.ServerConfig.NetAddr.Endpoint)
		}}
	})
	request := r.signed(ids("1"))
	request.URL.Host, request.URL.Path = "socket", "/fake"
	r.requireCode(http.StatusOK, r.do(request))
}
