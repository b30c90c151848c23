// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor // import "github.com/integrationlog/integrationlog/processors/severityprocessor"

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// severityNumber returns the severity number of a status, and 0 for what is none of
// the four.
func severityNumber(status activity.Status) plog.SeverityNumber {
	switch status {
	case activity.Debug:
		return plog.SeverityNumberDebug
	case activity.Info:
		return plog.SeverityNumberInfo
	case activity.Warning:
		return plog.SeverityNumberWarn
	case activity.Error:
		return plog.SeverityNumberError
	default:
		return plog.SeverityNumberUnspecified
	}
}

func isStatus(status activity.Status) bool {
	return severityNumber(status) != plog.SeverityNumberUnspecified
}
