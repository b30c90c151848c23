// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package words // import "github.com/integrationlog/integrationlog/internal/words"

import (
	"net/http"
	"strconv"

	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// fromHTTPStatus reads three digits, 100 to 599. A call that was answered with 4xx
// or 5xx failed, as Zendesk's log has it; 429 is the word "throttled" in digits:
// the call did not fail, it came too early and is tried again.
func fromHTTPStatus(digits []byte) (activity.Status, bool) {
	if len(digits) != 3 {
		return "", false
	}
	code, err := strconv.Atoi(string(digits))
	switch {
	case err != nil || code < 100 || code > 599:
		return "", false
	case code == http.StatusTooManyRequests:
		return activity.Warning, true
	case code >= http.StatusBadRequest:
		return activity.Error, true
	default:
		return activity.Info, true
	}
}

// FromSeverityNumber reads one of OpenTelemetry's 24 severity numbers. It returns
// false for every other number.
func FromSeverityNumber(number plog.SeverityNumber) (activity.Status, bool) {
	switch {
	case number < plog.SeverityNumberTrace || number > plog.SeverityNumberFatal4:
		return "", false
	case number < plog.SeverityNumberInfo:
		return activity.Debug, true
	case number < plog.SeverityNumberWarn:
		return activity.Info, true
	case number < plog.SeverityNumberError:
		return activity.Warning, true
	default:
		return activity.Error, true
	}
}
