// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package failure // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"

import (
	"net/http"
	"strconv"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// channelCode is what is known of a channel's code.
type channelCode struct {
	errorType activity.ErrorType
	// means is said where the vendor says nothing.
	means string
}

// known returns what is known of a channel's code; nothing, mostly.
func known(channel, code string) channelCode {
	switch channel {
	case "whatsapp":
		return whatsApp[code]
	case "telegram":
		return telegram(code)
	case "twilio":
		return twilio[code]
	default:
		return channelCode{}
	}
}

// whatsApp has 470 from before its Cloud API, and the rest of that.
// Source: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
var whatsApp = map[string]channelCode{
	"470":    {activity.ErrorLimit, outsideWindow},
	"131047": {activity.ErrorLimit, outsideWindow},
	"131049": {activity.ErrorLimit, "Meta holds marketing messages to this customer back"},
	"130472": {activity.ErrorLimit, "the customer is part of an experiment of Meta's"},
	"131042": {activity.ErrorLimit, "the payment of the WhatsApp Business account does not work"},
	"131050": {activity.ErrorOther, "the customer does not want marketing messages"},

	"4":      {activity.ErrorRateLimit, "too many calls"},
	"80007":  {activity.ErrorRateLimit, "too many messages of the WhatsApp Business account"},
	"130429": {activity.ErrorRateLimit, "too many messages"},
	"131048": {activity.ErrorRateLimit, "too many messages were blocked or flagged as spam"},
	"131056": {activity.ErrorRateLimit, "too many messages to this customer"},

	"0":      {activity.ErrorAuthorization, "the access token is not accepted"},
	"10":     {activity.ErrorAuthorization, "a permission is missing"},
	"190":    {activity.ErrorAuthorization, "the access token has expired"},
	"368":    {activity.ErrorAuthorization, "the WhatsApp Business account is restricted"},
	"131005": {activity.ErrorAuthorization, "a permission is missing"},
	"131031": {activity.ErrorAuthorization, "the WhatsApp Business account is locked"},

	"131026": {activity.ErrorNotFound, "the customer cannot be reached by WhatsApp"},
	"132001": {activity.ErrorNotFound, "there is no such message template"},

	"100":    {activity.ErrorValidation, "a parameter is not valid"},
	"131008": {activity.ErrorValidation, "a parameter is missing"},
	"131009": {activity.ErrorValidation, "a parameter is not valid"},
	"131051": {activity.ErrorValidation, "WhatsApp does not support this type of message"},
	"131053": {activity.ErrorValidation, "the file could not be uploaded"},
	"132000": {activity.ErrorValidation, "the message template has another number of parameters"},
	"132012": {activity.ErrorValidation, "a parameter of the message template has another format"},

	"131000": {activity.ErrorRemoteOutage, "WhatsApp failed"},
	"131016": {activity.ErrorRemoteOutage, "WhatsApp is not available"},
}

const outsideWindow = "the customer last wrote more than 24 hours ago"

// telegram answers with the statuses of HTTP.
// Source: https://core.telegram.org/bots/api#making-requests
func telegram(code string) channelCode {
	status, err := strconv.Atoi(code)
	if err != nil {
		return channelCode{}
	}
	known := channelCode{errorType: activity.ErrorTypeOf(status)}
	switch status {
	case http.StatusUnauthorized:
		known.means = "Telegram did not accept the bot's token"
	case http.StatusForbidden:
		known.means = "the customer has blocked the bot"
	case http.StatusTooManyRequests:
		known.means = "too many messages"
	}
	return known
}

// Source: https://www.twilio.com/docs/api/errors
var twilio = map[string]channelCode{
	"20003": {activity.ErrorAuthorization, "Twilio did not accept the credentials"},
	"20429": {activity.ErrorRateLimit, "too many requests"},
	"21211": {activity.ErrorValidation, "the customer's phone number is not valid"},
	"21610": {activity.ErrorOther, "the customer has unsubscribed"},
	"21614": {activity.ErrorValidation, "the customer's phone number cannot get messages"},
	"30003": {activity.ErrorNotFound, "the customer's phone cannot be reached"},
	"30005": {activity.ErrorNotFound, "the customer's phone number is not known"},
}
