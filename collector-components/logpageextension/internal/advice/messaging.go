// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"

import (
	"strings"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// messaging is about Sunshine Conversations and the channels. The channel's own code says
// more than the code of Sunshine Conversations, which is uncategorized_error for most of
// what a channel refuses.
func messaging(a *activities.Activity) string {
	if key, ok := channelCodes[a.Attributes["sunco_channel"]][a.Attributes["sunco_channel_error_code"]]; ok {
		return key
	}
	switch a.Attributes["sunco_reason"] {
	case "blocked":
		return "advice.messaging.blocked"
	case "linkFailed":
		return "advice.messaging.link"
	case "linkCancelled":
		return ""
	}
	text := strings.ToLower(a.ErrorMessage + "\n" + a.Description)
	switch {
	case a.Type == "switchboard_failure", strings.HasPrefix(a.ErrorCode, "switchboard_"):
		return "advice.messaging.switchboard"
	case strings.Contains(text, "unsupported message type"):
		return "advice.messaging.unsupported"
	case strings.Contains(text, "message limit of 30000"), a.ErrorCode == "locked":
		return "advice.messaging.full"
	case a.ErrorCode == "payload_too_large":
		return "advice.messaging.too_large"
	case a.ErrorCode == "too_many_requests":
		return "advice.messaging.too_many"
	case a.Type == "delivery_failure" && (a.ErrorCode == "unauthorized" || a.ErrorCode == "forbidden"):
		return "advice.messaging.token"
	case a.Type == "link_failure":
		return "advice.messaging.link"
	case a.ErrorCode == "uncategorized_error":
		return "advice.messaging.uncategorized"
	default:
		return ""
	}
}

// channelCodes are, by channel, the channel's own codes. Sources: Meta's and Twilio's lists
// (links), and HTTP's statuses, which Telegram uses.
var channelCodes = map[string]map[string]string{
	"whatsapp": {
		"470":    "advice.messaging.window",
		"131047": "advice.messaging.window",
		"131049": "advice.messaging.marketing",
		"131050": "advice.messaging.marketing",
		"130472": "advice.messaging.marketing",
		"131042": "advice.messaging.payment",
		"4":      "advice.messaging.too_many",
		"80007":  "advice.messaging.too_many",
		"130429": "advice.messaging.too_many",
		"131056": "advice.messaging.too_many",
		"131048": "advice.messaging.spam",
		"0":      "advice.messaging.token",
		"190":    "advice.messaging.token",
		"10":     "advice.messaging.permission",
		"131005": "advice.messaging.permission",
		"368":    "advice.messaging.account",
		"131031": "advice.messaging.account",
		"131026": "advice.messaging.unreachable",
		"132000": "advice.messaging.template",
		"132001": "advice.messaging.template",
		"132012": "advice.messaging.template",
		"131051": "advice.messaging.unsupported",
		"131053": "advice.messaging.media",
	},
	"telegram": {
		"401": "advice.messaging.token",
		"403": "advice.messaging.blocked",
		"429": "advice.messaging.too_many",
	},
	"twilio": {
		"20003": "advice.messaging.token",
		"20429": "advice.messaging.too_many",
		"21211": "advice.messaging.number",
		"21614": "advice.messaging.number",
		"30005": "advice.messaging.number",
		"21610": "advice.messaging.blocked",
		"30003": "advice.messaging.unreachable",
	},
}
