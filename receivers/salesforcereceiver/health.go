// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"fmt"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// health makes one status of those of all sources: the receiver is well if all of them are,
// and has failed for good only if all have.
type health struct {
	mu sync.Mutex
	// host is nil while nobody is to be told anything.
	host    component.Host
	sources int
	failing map[string]struct{}
	ended   map[string]struct{}
	// unwell is what was told last.
	unwell bool
}

func newHealth() *health {
	return &health{failing: map[string]struct{}{}, ended: map[string]struct{}{}}
}

func (h *health) start(host component.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = host
}

func (h *health) stop() { h.start(nil) }

// of returns the host for a source that may end for good.
func (h *health) of(host component.Host, source string) component.Host {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sources++
	return &sourceHost{Host: host, health: h, source: source}
}

// sourceHost takes the status of one source.
type sourceHost struct {
	component.Host

	health *health
	source string
}

var _ componentstatus.Reporter = (*sourceHost)(nil)

// Report takes a status.
func (s *sourceHost) Report(event *componentstatus.Event) {
	switch event.Status() {
	case componentstatus.StatusPermanentError, componentstatus.StatusFatalError:
		s.health.end(s.source, event.Err())
	default:
		s.health.report(s.source, event.Err())
	}
}

// report says how a source is; nil is well.
func (h *health) report(source string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err == nil {
		delete(h.failing, source)
	} else {
		h.failing[source] = struct{}{}
	}
	h.tell(source, err)
}

// end says that a source has failed for good.
func (h *health) end(source string, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failing[source], h.ended[source] = struct{}{}, struct{}{}
	if h.host != nil && len(h.ended) == h.sources {
		h.unwell = true
		componentstatus.ReportStatus(h.host, componentstatus.NewPermanentErrorEvent(fmt.Errorf("%s: %w", source, err)))
		return
	}
	h.tell(source, err)
}

// tell reports changes only. It wants the lock.
func (h *health) tell(source string, err error) {
	unwell := len(h.failing) > 0
	if h.host == nil || unwell == h.unwell {
		return
	}
	h.unwell = unwell
	if unwell {
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(fmt.Errorf("%s: %w", source, err)))
		return
	}
	componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
}
