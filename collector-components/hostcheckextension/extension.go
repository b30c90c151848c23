// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package hostcheckextension // import "github.com/integrationlog/integrationlog/collector-components/hostcheckextension"

import (
	"context"
	"net"
	"net/http"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"go.uber.org/zap"
	"golang.org/x/time/rate"

	"github.com/integrationlog/integrationlog/collector-components/hostcheckextension/internal/metadata"
	"github.com/integrationlog/integrationlog/internal/crosssite"
)

// logInterval is how often the log tells of what is refused: whoever sends it could fill it.
const logInterval = time.Minute

// hostCheck looks at the name in each request that comes by a loopback address.
type hostCheck struct {
	component.StartFunc

	known     []string
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	said      rate.Sometimes
}

var (
	_ extension.Extension            = (*hostCheck)(nil)
	_ extensionmiddleware.HTTPServer = (*hostCheck)(nil)
)

func newExtension(set extension.Settings, config *Config) (*hostCheck, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	h := &hostCheck{logger: set.Logger, telemetry: telemetry, said: rate.Sometimes{Interval: logInterval}}
	for _, name := range config.AllowedHosts {
		h.known = append(h.known, crosssite.HostName(name))
	}
	return h, nil
}

// GetHTTPHandler returns what refuses requests before a server's handler sees them.
func (h *hostCheck) GetHTTPHandler(context.Context) (extensionmiddleware.WrapHTTPHandlerFunc, error) {
	return func(_ context.Context, next http.Handler) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !cameByLoopback(r) || crosssite.IsLoopback(r) || slices.Contains(h.known, crosssite.HostName(r.Host)) {
				next.ServeHTTP(w, r)
				return
			}
			h.refuse(w, r)
		}), nil
	}, nil
}

func (h *hostCheck) refuse(w http.ResponseWriter, r *http.Request) {
	h.telemetry.HostCheckRefusedRequests.Add(r.Context(), 1)
	h.said.Do(func() {
		h.logger.Warn("A request for this machine under another name was refused. If a proxy passes its name on, add it to allowed_hosts of host_check",
			zap.String("host", r.Host))
	})
	http.Error(w, "this machine is not known under this name: ask for it as localhost, or add the name to allowed_hosts of host_check", http.StatusMisdirectedRequest)
}

// cameByLoopback tells whether a request came by an address of this machine only. By others
// come those of other machines, which have to show a credential.
func cameByLoopback(r *http.Request) bool {
	address, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return !ok || address.IP.IsLoopback()
}

// Shutdown ends the counting.
func (h *hostCheck) Shutdown(context.Context) error {
	h.telemetry.Shutdown()
	return nil
}
