// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokilimitsprocessor // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor"

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/text"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"
)

// settleLine keeps the body, as Loki will render it, within limit bytes.
func settleLine(body pcommon.Value, limit int) (changes change.Set) {
	var line string
	switch body.Type() {
	case pcommon.ValueTypeStr:
		line = body.Str()
		if valid := text.Valid(line); valid != line {
			line = valid
			body.SetStr(line)
			changes |= change.Of(change.InvalidText)
		}
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		changes |= lokimeta.MakeRenderable(body)
		line = body.AsString()
	case pcommon.ValueTypeBytes:
		line = body.AsString()
	default: // Numbers and booleans are short, and Loki takes an empty line.
		return 0
	}
	if len(line) > limit {
		body.SetStr(text.Cut(line, limit))
		changes |= change.Of(change.LineTooLarge)
	}
	return changes
}
