// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// healthRecheck is how long after the last failure the receiver counts as well again
// if no request has shown otherwise. Whoever takes it out of service because of its
// status sends none.
const healthRecheck = 30 * time.Second

// health reports the receiver's status, and only its changes.
type health struct {
	// stillFailing tells what is wrong without a request, if anything is.
	stillFailing func() error

	mu   sync.Mutex
	host component.Host
	// recheck is not nil while a failure was reported last.
	recheck *time.Timer
}

func (h *health) start(host component.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = host
}

// stop ends the reports.
func (h *health) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = nil
	if h.recheck != nil {
		h.recheck.Stop()
		h.recheck = nil
	}
}

// report says that the last request could be handed over, or why not. It tells
// whether that is a change.
func (h *health) report(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.reportLocked(err)
}

func (h *health) reportLocked(err error) bool {
	switch {
	case h.host == nil:
		return false
	case err != nil && h.recheck != nil:
		h.recheck.Reset(healthRecheck)
		return false
	case err != nil:
		h.recheck = time.AfterFunc(healthRecheck, h.reconsider)
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(err))
		return true
	case h.recheck == nil:
		return false
	}
	h.recheck.Stop()
	h.recheck = nil
	componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
	return true
}

// reconsider looks whether the cause of a failure is gone when no request has told.
func (h *health) reconsider() {
	err := h.stillFailing()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.reportLocked(err)
}

func (h *health) fatal(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.host != nil {
		componentstatus.ReportStatus(h.host, componentstatus.NewFatalErrorEvent(err))
	}
}
