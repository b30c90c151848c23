// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package record // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/record"

import (
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// kind is what a status means.
type kind struct {
	status activity.Status
	// verb tells it in a sentence; failures have their own.
	verb string
	// errorType is the class of a failure that has no status code.
	errorType activity.ErrorType
}

// kinds are the statuses that are documented, and terminated, which exists too. Others may
// come.
// Source: https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/#list-webhook-invocations
var kinds = map[string]kind{
	"success":        {status: activity.Info, verb: "succeeded"},
	"accepted":       {status: activity.Info, verb: "accepted"},
	"throttled":      {status: activity.Warning, verb: "throttled"},
	"failed":         {status: activity.Error, errorType: activity.ErrorOther},
	"terminated":     {status: activity.Error, errorType: activity.ErrorOther},
	"timeout":        {status: activity.Error, errorType: activity.ErrorTimeout},
	"circuit broken": {status: activity.Error, errorType: activity.ErrorRemoteOutage},
	"client error":   {status: activity.Error, errorType: activity.ErrorValidation},
	"server error":   {status: activity.Error, errorType: activity.ErrorRemoteOutage},
}

var underscores = strings.NewReplacer("_", " ", "-", " ")

func kindOf(status string) kind {
	return kinds[strings.ToLower(underscores.Replace(status))]
}
