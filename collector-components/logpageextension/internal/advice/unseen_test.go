// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestEveryProductHasWhatCannotBeSeen(t *testing.T) {
	for _, product := range []activity.Product{
		activity.Salesforce, activity.Shopify, activity.BotBuilder, activity.Actions, activity.Webhooks, activity.ZIS, activity.SunshineConversations,
	} {
		keys := Unseen(string(product))
		require.NotEmpty(t, keys, product)
		for _, key := range keys {
			require.True(t, strings.HasPrefix(key, "unseen."+string(product)+"."), key)
		}
	}
	require.Empty(t, Unseen("erp"))
}
