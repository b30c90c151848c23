// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

const (
	// maxRendered is how deep a value may be nested that is rendered as JSON.
	maxRendered = 32
	// maxFlattened is how deep maps are taken apart into attributes of their own.
	maxFlattened = 8

	tooDeep = "…"
)

// MakeRenderable changes what a map or a list cannot be rendered with: what is
// nested too deeply for bounded work, and numbers that JSON does not have. For
// those Loki would store nothing of the whole value.
func MakeRenderable(v pcommon.Value) change.Set {
	return makeRenderable(v, maxRendered)
}

func makeRenderable(v pcommon.Value, levels int) (changes change.Set) {
	switch v.Type() {
	case pcommon.ValueTypeMap:
		if levels == 0 {
			v.SetStr(tooDeep)
			return change.Of(change.TooDeep)
		}
		for _, child := range v.Map().All() {
			changes |= makeRenderable(child, levels-1)
		}
	case pcommon.ValueTypeSlice:
		if levels == 0 {
			v.SetStr(tooDeep)
			return change.Of(change.TooDeep)
		}
		for _, child := range v.Slice().All() {
			changes |= makeRenderable(child, levels-1)
		}
	case pcommon.ValueTypeDouble:
		if levels < maxRendered && (math.IsNaN(v.Double()) || math.IsInf(v.Double(), 0)) {
			v.SetStr(v.AsString())
			return change.Of(change.NotJSON)
		}
	}
	return changes
}
