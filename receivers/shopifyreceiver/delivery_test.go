// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package shopifyreceiver

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestDeliveries posts each fixture, signed, and compares the record with the
// expected one.
func TestDeliveries(t *testing.T) {
	for _, directory := range fixtures(t) {
		t.Run(filepath.Base(directory), func(t *testing.T) {
			r := webhooktest.Start(t, subject(), nil)
			r.CheckGolden(t, directory, signed(load(t, directory)))
			require.Equal(t, 1, r.Sink.LogRecordCount())
		})
	}
}
