// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

func TestKnown(t *testing.T) {
	tests := map[string]struct {
		activity activities.Activity
		want     string
	}{
		"Shopify":                  {activities.Activity{Product: "shopify", Evidence: "source_change"}, "known.shopify"},
		"Shopify by another way":   {activities.Activity{Product: "shopify", Evidence: "reported"}, ""},
		"a flow":                   {activities.Activity{Product: "zis", Evidence: "reported"}, "known.zis"},
		"somebody's own":           {activities.Activity{Product: "erp", Evidence: "reported"}, ""},
		"no evidence":              {activities.Activity{Product: "erp"}, ""},
		"Salesforce, a change":     {activities.Activity{Product: "salesforce", Evidence: "source_change"}, "known.salesforce.change"},
		"Salesforce, a case":       {activities.Activity{Product: "salesforce", Evidence: "observed", Type: "ticket_sync"}, "known.salesforce.case"},
		"Salesforce, its package":  {activities.Activity{Product: "salesforce", Evidence: "reported", Type: "account_sync"}, "known.salesforce.package"},
		"Salesforce, a lost place": {activities.Activity{Product: "salesforce", Evidence: "observed", Type: "ticket_sync", ErrorCode: "replay_id_lost"}, ""},
		"Salesforce, a call": {
			activities.Activity{Product: "salesforce", Evidence: "observed", Attributes: attributes{"salesforce_event_log_file_type": "RestApi"}},
			"known.salesforce.call",
		},
		"Salesforce, a look-up": {
			activities.Activity{Product: "salesforce", Evidence: "observed", Attributes: attributes{"salesforce_changed_at": "2026-11-20T10:00:00Z"}},
			"known.salesforce.confirmation",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, Known(&test.activity))
		})
	}
}
