// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package failure // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/failure"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// typeOf classifies an error. The channel's code says more than Sunshine Conversations'
// own, which is uncategorized_error for most that a channel refuses.
func typeOf(channel, code, channelCode string) activity.ErrorType {
	if t := known(channel, channelCode).errorType; t != "" && t != activity.ErrorOther {
		return t
	}
	if t, ok := ownCodes[code]; ok {
		return t
	}
	switch {
	case strings.HasSuffix(code, "_not_found"):
		return activity.ErrorNotFound
	case strings.HasPrefix(code, "invalid_"), strings.HasPrefix(code, "switchboard_invalid_"):
		return activity.ErrorValidation
	case strings.HasPrefix(code, "too_many_"):
		return activity.ErrorLimit
	default:
		return activity.ErrorOther
	}
}

// ownCodes are Sunshine Conversations'. There is no published list: these are of the
// examples of its API, whose codes are of the same family, and of the statuses of HTTP.
// Source: https://github.com/zendesk/sunshine-conversations-api-spec/blob/master/openapi.yaml
var ownCodes = map[string]activity.ErrorType{
	"unauthorized":          activity.ErrorAuthorization,
	"forbidden":             activity.ErrorAuthorization,
	"bad_request":           activity.ErrorValidation,
	"not_found":             activity.ErrorNotFound,
	"conflict":              activity.ErrorConflict,
	"locked":                activity.ErrorLimit, // 30,000 messages in one conversation
	"payment_required":      activity.ErrorLimit,
	"payload_too_large":     activity.ErrorLimit,
	"too_many_requests":     activity.ErrorRateLimit,
	"request_timeout":       activity.ErrorTimeout,
	"gateway_timeout":       activity.ErrorTimeout,
	"bad_gateway":           activity.ErrorRemoteOutage,
	"service_unavailable":   activity.ErrorRemoteOutage,
	"internal_server_error": activity.ErrorInternal,
}
