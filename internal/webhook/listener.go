// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
)

// listeners holds the process's listeners by network and address, because the
// receivers that share one are created and started one by one and know nothing of
// each other.
var listeners = &registry{byAddress: map[string]*listener{}}

type registry struct {
	mu        sync.Mutex
	byAddress map[string]*listener
}

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
}

// run starts a route, and the listener if it is its first.
func (r *registry) run(ctx context.Context, rt *route, host component.Host) error {
	r.announce(rt)
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.byAddress[address(&rt.config.ServerConfig)]
	if err := l.admit(rt); err != nil {
		return err
	}
	if l.server == nil {
		if err := l.open(ctx, rt, host); err != nil {
			return err
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
	return reflect.DeepEqual(a, b)
}

func (l *listener) open(ctx context.Context, rt *route, host component.Host) error {
	l.owner = rt.id
	l.config = rt.config.ServerConfig

	config := rt.config.ServerConfig
	config.MaxRequestBodySize = l.largestBody()
	netListener, err := config.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("receiver %q cannot listen on endpoint %q (another program may have the port, or another receiver under another name of this host): %w",
			rt.id, config.NetAddr.Endpoint, err)
	}
	server, err := config.ToServer(ctx, host.GetExtensions(), rt.telemetry, l, confighttp.WithErrorHandler(encodingError))
	if err != nil {
		return errors.Join(err, netListener.Close())
	}
	served := make(chan struct{})
	l.server, l.served = server, served
	go func() {
		defer close(served)
		if err := server.Serve(netListener); !errors.Is(err, http.ErrServerClosed) {
			l.fail(fmt.Errorf("listener on %q ended: %w", config.NetAddr.Endpoint, err))
		}
	}()
	return nil
}

// largestBody is the limit for all routes; each route then applies its own.
func (l *listener) largestBody() int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	var largest int64
	for _, rt := range l.routes {
		largest = max(largest, rt.config.ServerConfig.MaxRequestBodySize)
	}
	return largest
}

func (l *listener) fail(err error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, rt := range l.routes {
		rt.health.fatal(err)
	}
}

func (l *listener) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.RLock()
	rt := l.routes[r.URL.Path]
	l.mu.RUnlock()
	if rt == nil {
		http.NotFound(w, r)
		return
	}
	rt.ServeHTTP(w, r)
}

// encodingError answers what confighttp could not decode. An unknown encoding is
// the sender's choice, as is an unknown content type.
func encodingError(w http.ResponseWriter, _ *http.Request, _ string, _ int) {
	http.Error(w, http.StatusText(http.StatusUnsupportedMediaType), http.StatusUnsupportedMediaType)
}
