// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

// links are the vendors' own pages. A key without one has none that was seen.
var links = map[string]string{
	"advice.salesforce.lock":            salesforceErrors,
	"advice.salesforce.request_limit":   salesforceErrors,
	"advice.salesforce.duplicates":      salesforceErrors,
	"advice.salesforce.duplicate_value": salesforceErrors,
	"advice.salesforce.session":         "https://support.zendesk.com/hc/en-us/articles/4408828717466",
	"advice.salesforce.access":          salesforceErrors,
	"advice.salesforce.schema":          salesforceErrors,
	"advice.salesforce.unavailable":     "https://status.salesforce.com/",
	"advice.salesforce.ambiguous":       "https://support.zendesk.com/hc/en-us/articles/4408828539290",
	"advice.salesforce.taken":           "https://support.zendesk.com/hc/en-us/articles/4935435219098",
	"advice.salesforce.not_confirmed":   "https://support.zendesk.com/hc/en-us/articles/4408828539290",

	"advice.messaging.window":      whatsAppErrors,
	"advice.messaging.marketing":   whatsAppErrors,
	"advice.messaging.payment":     whatsAppErrors,
	"advice.messaging.permission":  whatsAppErrors,
	"advice.messaging.account":     whatsAppErrors,
	"advice.messaging.spam":        whatsAppErrors,
	"advice.messaging.template":    whatsAppErrors,
	"advice.messaging.full":        "https://support.zendesk.com/hc/en-us/articles/6733656753562",
	"advice.messaging.switchboard": deliveryEvents,
	"advice.messaging.unsupported": deliveryEvents,

	"advice.webhooks.circuit_broken": managingWebhooks,
	"advice.webhooks.throttled":      managingWebhooks,
	"advice.webhooks.terminated":     managingWebhooks,
	"advice.webhooks.gap":            managingWebhooks,

	"advice.zis.connection":  "https://developer.zendesk.com/documentation/integration-services/developer-guide/zis-connections",
	"advice.zis.path":        zisErrors,
	"advice.zis.integration": zisErrors,
	"advice.zis.duplicated":  zisErrors,
	"advice.zis.params":      "https://developer.zendesk.com/documentation/integration-services/developer-guide/zis-custom-actions",

	"advice.zendesk.own_log": "https://support.zendesk.com/hc/en-us/articles/4408819871130",
}

const (
	salesforceErrors = "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm"
	whatsAppErrors   = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes/"
	deliveryEvents   = "https://developer.zendesk.com/documentation/conversations/messaging-platform/programmable-conversations/delivery-events"
	managingWebhooks = "https://support.zendesk.com/hc/en-us/articles/4408836101146"
	zisErrors        = "https://developer.zendesk.com/documentation/integration-services/developer-guide/fixing-common-zis-errors"
)
