// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// health reports the receiver's status, and only its changes.
type health struct {
	mu   sync.Mutex
	host component.Host
	// failing tells what was reported last.
	failing bool
}

func (h *health) start(host component.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = host
	h.failing = false
}

// report says that the last request could be handed over, or why not. It tells
// whether that is a change.
func (h *health) report(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.host == nil || h.failing == (err != nil) {
		return false
	}
	h.failing = err != nil
	if err != nil {
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(err))
	} else {
		componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
	return true
}

func (h *health) fatal(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.host != nil {
		componentstatus.ReportStatus(h.host, componentstatus.NewFatalErrorEvent(err))
	}
}
