// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import (
	"net/http"
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// webhooks is about Zendesk's own calls. Its status says more than the answer where the call
// was not made at all.
func webhooks(a *activities.Activity) string {
	if a.Type == "webhook_log_gap" {
		return "advice.webhooks.gap"
	}
	status := strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(a.Attributes["webhooks_status"]))
	switch status {
	case "circuit broken":
		return "advice.webhooks.circuit_broken"
	case "throttled":
		return "advice.webhooks.throttled"
	}
	if key := call(a); key != "" {
		return key
	}
	if status == "terminated" {
		return "advice.webhooks.terminated"
	}
	return ""
}

// zis is about flows. Sources of the messages: Zendesk's page on common errors (links), and
// integrators' notes.
func zis(a *activities.Activity) string {
	text := strings.ToLower(a.Description + "\n" + a.ErrorMessage)
	for _, message := range zisMessages {
		if strings.Contains(text, message.text) {
			return message.key
		}
	}
	return call(a)
}

var zisMessages = []struct{ text, key string }{
	{"cannot start flow because the connection named", "advice.zis.connection"},
	{"json path not found", "advice.zis.path"},
	{"error resolving json params", "advice.zis.params"},
	{"invalid integration key", "advice.zis.integration"},
	{"authorization failed due to integration mismatch", "advice.zis.integration"},
	{"bundle contains duplicated resources", "advice.zis.duplicated"},
}

// step is about the steps of a bot or an action flow. They mostly do not know why they failed.
func step(a *activities.Activity) string {
	key := call(a)
	if key == "" && (a.ErrorType == "" || a.ErrorType == string(activity.ErrorOther)) && a.ErrorCode == "" && a.Status == string(activity.Error) {
		return "advice.zendesk.own_log"
	}
	return key
}

// call is about what the called system answered, or that it did not.
func call(a *activities.Activity) string {
	code := a.HTTPStatusCode
	switch {
	case a.ErrorType == string(activity.ErrorTimeout), code == http.StatusRequestTimeout, code == http.StatusGatewayTimeout:
		return "advice.call.timeout"
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return "advice.call.credentials"
	case code == http.StatusNotFound, code == http.StatusGone, code == http.StatusMethodNotAllowed:
		return "advice.call.address"
	case code == http.StatusTooManyRequests:
		return "advice.call.too_many"
	case code >= http.StatusInternalServerError:
		return "advice.call.failed"
	case code >= http.StatusBadRequest:
		return "advice.call.rejected"
	default:
		return ""
	}
}
