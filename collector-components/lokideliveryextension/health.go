// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"errors"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
)

const (
	// patientFor is how long deliveries may fail before that is the component's status:
	// a start or a restart of Loki is none.
	patientFor = 10 * time.Second
	// quietFor is how long the same trouble is not logged again.
	quietFor = time.Minute
)

// health says how deliveries go, in the log and as the component's status, on changes
// only.
type health struct {
	logger *zap.Logger

	mu   sync.Mutex
	host component.Host
	// since is when deliveries began to fail; zero while they succeed.
	since    time.Time
	reported bool
	// logged is the kind of trouble that was logged last, and when.
	logged   string
	loggedAt time.Time
}

func newHealth(logger *zap.Logger) *health { return &health{logger: logger} }

func (h *health) start(host component.Host) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.host = host
}

// failed notes that a delivery failed and will be tried again. The kind stays the same
// while the wording changes, with port numbers for example.
func (h *health) failed(kind, trouble string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	if h.since.IsZero() {
		h.since = now
	}
	if kind != h.logged || now.Sub(h.loggedAt) >= quietFor {
		h.logged, h.loggedAt = kind, now
		h.logger.Warn("Records cannot be delivered to Loki; they wait in the queue and are sent again", zap.String("trouble", trouble))
	}
	if !h.reported && h.host != nil && now.Sub(h.since) >= patientFor {
		h.reported = true
		componentstatus.ReportStatus(h.host, componentstatus.NewRecoverableErrorEvent(errors.New(trouble)))
	}
}

// succeeded notes that Loki took a push.
func (h *health) succeeded() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.since.IsZero() {
		return
	}
	h.since = time.Time{}
	if h.reported {
		h.reported = false
		h.logger.Info("Records are delivered to Loki again")
		componentstatus.ReportStatus(h.host, componentstatus.NewEvent(componentstatus.StatusOK))
	}
}
