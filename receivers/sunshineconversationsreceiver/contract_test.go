// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// TestConsumeContract runs the collector's own check of receivers. What the pipeline
// refuses for good is answered with 400, and is not sent again.
func TestConsumeContract(t *testing.T) {
	webhooktest.CheckConsumeContract(t, subject(t), func(number string) webhooktest.Activity {
		n, err := strconv.Atoi(number)
		require.NoError(t, err)
		return webhooktest.Activity{
			Request: batch(t, failureEvent(n)),
			ID:      fmt.Sprintf("%s/66ff5e71a1b2c3d4%08x", testAppID, n),
		}
	}, http.StatusBadRequest)
}
