// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pull // import "github.com/integrationlog/integrationlog/internal/pull"

import (
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

// health reports how polling goes, to the log and as the component's status, and only
// the changes: repetitions would fill the log and say nothing.
type health struct {
	logger *zap.Logger

	mu   sync.Mutex
	host component.Host
	// reason is why the last poll failed; empty if it did not.
	reason string
}

func (h *health) start(host component.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host, h.reason = host, ""
}

// stop ends the reports.
func (h *health) stop() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = nil
}

// report says that a poll succeeded, or why not.
func (h *health) report(err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.host == nil {
		return
	}
	if err == nil {
		if h.reason != "" {
			h.reason = ""
			h.logger.Info("Polling succeeds again")
			componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
		}
		return
	}
	if IsPermanent(err) {
		h.reason = reasonOf(err)
		h.logger.Error("Polling has ended; a restart is needed after the cause is gone", zap.Error(err))
		componentstatus.ReportStatus(h.host, componentstatus.NewPermanentErrorEvent(err))
		return
	}
	before := h.reason
	h.reason = reasonOf(err)
	if h.reason == before {
		return
	}
	h.logger.Error("Polling fails, and is tried again; nothing more is said until that changes", zap.Error(err))
	if before == "" {
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(err))
	}
}
