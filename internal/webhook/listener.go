// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"reflect"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
)

// listeners holds the process's listeners by network and address, because the
// receivers that share one are created and started one by one and know nothing of
// each other.
var listeners = &registry{byAddress: map[string]*listener{}, listen: listen}

type registry struct {
	mu        sync.Mutex
	byAddress map[string]*listener
	// listen opens the port; tests have networks of their own.
	listen func(context.Context, *confighttp.ServerConfig) (net.Listener, error)
}

// unknownPathTimeout bounds how long a request to nobody may take to arrive.
const unknownPathTimeout = 5 * time.Second

// listener is one address with the routes of all receivers that have it.
type listener struct {
	address string

	// routes by path; guarded by mu.
	mu     sync.RWMutex
	routes map[string]*route

	// The rest is guarded by the registry's mutex.
	running int
	// owner is the receiver that opened the listener with config.
	owner  component.ID
	config confighttp.ServerConfig
	server *http.Server
	served chan struct{}
}

func address(config *confighttp.ServerConfig) string {
	return string(config.NetAddr.Transport) + "://" + config.NetAddr.Endpoint
}

// announce makes a route known before it runs, so that it answers 503 and not 404
// while other receivers of the same listener run already.
func (r *registry) announce(rt *route) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listenerOf(rt)
}

// listenerOf returns the route's listener, with the route on it. The registry is locked.
func (r *registry) listenerOf(rt *route) *listener {
	l := r.byAddress[address(&rt.config.ServerConfig)]
	if l == nil {
		l = &listener{address: address(&rt.config.ServerConfig), routes: map[string]*route{}}
		r.byAddress[l.address] = l
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// a route that already runs keeps its path; run reports the conflict
	if known := l.routes[rt.config.Path]; known == nil || !known.isRunning() {
		l.routes[rt.config.Path] = rt
	}
	return l
}

// run starts a route, and the listener if it is its first.
func (r *registry) run(ctx context.Context, rt *route, host component.Host) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.listenerOf(rt)
	if err := l.admit(rt); err != nil {
		return err
	}
	if l.server == nil {
		if err := l.open(ctx, rt, host, r.listen); err != nil {
			return fmt.Errorf("receiver %q: %w", rt.id, err)
		}
	}
	l.running++
	rt.setRunning(true)
	return nil
}

// stop ends a route: it answers 503 from now on, and its requests in flight are
// waited for. The last one closes the listener.
func (r *registry) stop(ctx context.Context, rt *route) error {
	wasRunning := rt.setRunning(false)
	waitErr := waitFor(ctx, &rt.inFlight)

	r.mu.Lock()
	l := r.byAddress[address(&rt.config.ServerConfig)]
	if l == nil {
		r.mu.Unlock()
		return waitErr
	}
	if wasRunning {
		l.running--
	}
	server, served := l.server, l.served
	last := l.running == 0 && (wasRunning || server == nil)
	if last {
		l.server = nil
		delete(r.byAddress, l.address)
	}
	r.mu.Unlock()

	if !last || server == nil {
		return waitErr
	}
	err := server.Shutdown(ctx)
	if err != nil {
		err = errors.Join(err, server.Close())
	}
	<-served
	return errors.Join(waitErr, err)
}

// admit refuses a route that cannot share the listener.
func (l *listener) admit(rt *route) error {
	l.mu.RLock()
	holder := l.routes[rt.config.Path]
	l.mu.RUnlock()
	if holder != rt {
		return fmt.Errorf("receivers %q and %q have the same endpoint %q and the same path %q: give one of them another path",
			holder.id, rt.id, rt.config.ServerConfig.NetAddr.Endpoint, rt.config.Path)
	}
	if l.server != nil && !sameNetwork(l.config, rt.config.ServerConfig) {
		return fmt.Errorf("receivers %q and %q share the endpoint %q, so their network and TLS settings must be the same: make them equal, or give one of them another endpoint",
			l.owner, rt.id, rt.config.ServerConfig.NetAddr.Endpoint)
	}
	return nil
}

// sameNetwork compares all settings but those that belong to the route.
func sameNetwork(a, b confighttp.ServerConfig) bool {
	a.MaxRequestBodySize, b.MaxRequestBodySize = 0, 0
	a.CompressionAlgorithms, b.CompressionAlgorithms = nil, nil
	return reflect.DeepEqual(a, b)
}

// open starts to serve with the settings of its first route.
func (l *listener) open(ctx context.Context, rt *route, host component.Host, listen func(context.Context, *confighttp.ServerConfig) (net.Listener, error)) error {
	l.owner = rt.id
	l.config = rt.config.ServerConfig

	config := rt.config.ServerConfig
	// each route bounds and decodes its own bodies
	config.MaxRequestBodySize = math.MaxInt64
	config.CompressionAlgorithms = []string{}
	server, err := config.ToServer(ctx, host.GetExtensions(), rt.telemetry, l, confighttp.WithErrorHandler(l.unauthorized))
	if err != nil {
		return err
	}
	if !needsHandlers(ctx, &config, rt.telemetry) {
		server.Handler = l
	}
	netListener, err := listen(ctx, &config)
	if err != nil {
		return err
	}
	served := make(chan struct{})
	l.server, l.served = server, served
	go func() {
		defer close(served)
		if err := server.Serve(netListener); !errors.Is(err, http.ErrServerClosed) {
			l.fail(fmt.Errorf("the listener on endpoint %q ended: %w", config.NetAddr.Endpoint, err))
		}
	}()
	return nil
}

func listen(ctx context.Context, config *confighttp.ServerConfig) (net.Listener, error) {
	netListener, err := config.ToListener(ctx)
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return nil, fmt.Errorf("cannot listen on endpoint %q (another program may have the port, or another receiver under another name of this host): %w",
			config.NetAddr.Endpoint, err)
	}
	return netListener, err
}

// fail reports that nobody can be reached any more.
func (l *listener) fail(err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, rt := range l.routes {
		if rt.isRunning() {
			rt.health.fatal(err)
		}
	}
}

func (l *listener) route(r *http.Request) *route {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.routes[r.URL.Path]
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if rt := l.route(r); rt != nil {
		rt.ServeHTTP(w, r)
		return
	}
	limitReading(w, time.Now().Add(unknownPathTimeout))
	http.NotFound(w, r)
}

// unauthorized answers whom the authentication extension did not let in. It is the
// only one to call it, because encodings are each route's own matter.
func (l *listener) unauthorized(w http.ResponseWriter, r *http.Request, _ string, _ int) {
	if rt := l.route(r); rt != nil {
		rt.refuse(w, r)
		return
	}
	limitReading(w, time.Now().Add(unknownPathTimeout))
	http.Error(w, http.StatusText(http.StatusUnauthorized), http.StatusUnauthorized)
}
