// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package item // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"

import (
	"errors"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/xpdata/request"
	"go.opentelemetry.io/collector/pipeline"
)

// Decode tries what the queue of that signal does with a payload, and returns the
// error that the queue gets. Of signals that it does not know it returns none.
func Decode(signal string, payload []byte) error {
	var wrapped, plain error
	switch signal {
	case pipeline.SignalLogs.String():
		if _, _, wrapped = request.UnmarshalLogs(payload); errors.Is(wrapped, request.ErrInvalidFormat) {
			_, plain = (&plog.ProtoUnmarshaler{}).UnmarshalLogs(payload)
			return plain
		}
	case pipeline.SignalTraces.String():
		if _, _, wrapped = request.UnmarshalTraces(payload); errors.Is(wrapped, request.ErrInvalidFormat) {
			_, plain = (&ptrace.ProtoUnmarshaler{}).UnmarshalTraces(payload)
			return plain
		}
	case pipeline.SignalMetrics.String():
		if _, _, wrapped = request.UnmarshalMetrics(payload); errors.Is(wrapped, request.ErrInvalidFormat) {
			_, plain = (&pmetric.ProtoUnmarshaler{}).UnmarshalMetrics(payload)
			return plain
		}
	}
	return wrapped
}
