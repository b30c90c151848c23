// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice

import (
	"maps"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
)

// Every key has a text; that every text has its key is tested in package messages.
func TestEveryKeyHasAText(t *testing.T) {
	keys := slices.Collect(maps.Values(byType))
	keys = slices.AppendSeq(keys, maps.Values(salesforceCodes))
	for _, codes := range channelCodes {
		keys = slices.AppendSeq(keys, maps.Values(codes))
	}
	for _, message := range zisMessages {
		keys = append(keys, message.key)
	}
	for _, all := range unseen {
		keys = append(keys, all...)
	}
	keys = slices.AppendSeq(keys, maps.Values(withoutSuccesses))
	for _, way := range known {
		keys = append(keys, way.key)
	}
	keys = slices.AppendSeq(keys, maps.Keys(links))
	for _, key := range keys {
		require.True(t, messages.Has(key), key)
	}
}

func TestLinksLeadToTheVendors(t *testing.T) {
	hosts := []string{
		"developer.salesforce.com", "status.salesforce.com", "developer.zendesk.com", "support.zendesk.com", "developers.facebook.com",
	}
	for key, link := range links {
		u, err := url.Parse(link)
		require.NoError(t, err, key)
		require.Equal(t, "https", u.Scheme, key)
		require.Contains(t, hosts, u.Host, key)
	}
}
