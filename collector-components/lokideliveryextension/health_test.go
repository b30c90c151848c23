// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
)

// statusHost notes the statuses that are reported.
type statusHost struct {
	component.Host
	statuses []componentstatus.Status
}

func (h *statusHost) Report(event *componentstatus.Event) {
	h.statuses = append(h.statuses, event.Status())
}

func TestStatusOnChangesThatLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		core, logs := observer.New(zap.InfoLevel)
		host := &statusHost{}
		h := newHealth(zap.New(core))
		h.start(host)
		h.succeeded()
		h.failed("500", "first")
		h.failed("500", "again")
		assert.Empty(t, host.statuses, "a start of Loki is no trouble")
		h.succeeded()
		assert.Equal(t, 1, logs.Len())

		for range 30 {
			h.failed("500", "on and on")
			time.Sleep(time.Second) // the bubble's clock, not the wall's
		}
		assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, host.statuses)
		h.succeeded()
		h.succeeded()
		assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK}, host.statuses)
		assert.Equal(t, 1, logs.FilterMessageSnippet("again").FilterLevelExact(zap.InfoLevel).Len())
		assert.LessOrEqual(t, logs.FilterLevelExact(zap.WarnLevel).Len(), 2, "once for each kind of trouble, and once a minute")
		h.failed("401", "another kind")
		assert.Equal(t, 1, logs.FilterField(zap.String("trouble", "another kind")).Len())
	})
}

func TestRefusalLastsOnlyWithoutInterruption(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r refusal
		lasting, _ := r.lasts(time.Minute)
		assert.False(t, lasting)
		time.Sleep(59 * time.Second) // the bubble's clock, not the wall's
		r.over()
		time.Sleep(59 * time.Second) // the bubble's clock, not the wall's
		lasting, _ = r.lasts(time.Minute)
		assert.False(t, lasting)
		time.Sleep(time.Minute) // the bubble's clock, not the wall's
		lasting, first := r.lasts(time.Minute)
		assert.True(t, lasting)
		assert.True(t, first)
		_, first = r.lasts(time.Minute)
		assert.False(t, first, "said once")
	})
}
