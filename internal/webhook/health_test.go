// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component/componentstatus"
)

// Whoever takes the receiver out of service because of its status sends no request
// that could show that it is well again.
func TestStatusRecoversWithoutARequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		host := &host{}
		full := errors.New("the disk is full")
		var gone atomic.Bool
		h := &health{stillFailing: func() error {
			if gone.Load() {
				return nil
			}
			return full
		}}
		h.start(host)

		assert.True(t, h.report(full))
		time.Sleep(healthRecheck - time.Second)
		assert.False(t, h.report(full), "no change")
		time.Sleep(healthRecheck - time.Second)
		assert.Equal(t, []componentstatus.Status{recoverable}, host.statuses(), "counted from the last failure")

		time.Sleep(2 * healthRecheck)
		synctest.Wait()
		assert.Equal(t, []componentstatus.Status{recoverable}, host.statuses(), "the cause is still there")

		gone.Store(true)
		time.Sleep(healthRecheck)
		synctest.Wait()
		assert.Equal(t, []componentstatus.Status{recoverable, fine}, host.statuses())

		h.report(full)
		h.stop()
		time.Sleep(2 * healthRecheck)
		assert.Equal(t, []componentstatus.Status{recoverable, fine, recoverable}, host.statuses(), "nothing after the end")
	})
}
