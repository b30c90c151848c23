// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package text // import "github.com/integrationlog/integrationlog/internal/text"

import (
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

const (
	// maxRendered is how deep a value may be nested that is rendered as JSON.
	maxRendered = 32

	tooDeep = "…"
)

// Repairs tells what [MakeRenderable] had to change.
type Repairs struct {
	// TooDeep is set where something was nested too deeply.
	TooDeep bool
	// NotJSON is set where there was a number that JSON does not have.
	NotJSON bool
}

// Of returns what a value is as text, and leaves the value as it is.
func Of(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return v.Str()
	case pcommon.ValueTypeMap, pcommon.ValueTypeSlice:
		rendered := pcommon.NewValueEmpty()
		v.CopyTo(rendered)
		MakeRenderable(rendered)
		return rendered.AsString()
	default:
		return v.AsString()
	}
}

// MakeRenderable changes what a map or a list cannot be rendered with: what is
// nested too deeply for bounded work, and numbers that JSON does not have. For
// those nothing would be left of the whole value.
func MakeRenderable(v pcommon.Value) (repairs Repairs) {
	repairs.make(v, maxRendered)
	return repairs
}

func (r *Repairs) make(v pcommon.Value, levels int) {
	switch v.Type() {
	case pcommon.ValueTypeMap:
		if levels == 0 {
			r.cut(v)
			return
		}
		for _, child := range v.Map().All() {
			r.make(child, levels-1)
		}
	case pcommon.ValueTypeSlice:
		if levels == 0 {
			r.cut(v)
			return
		}
		for _, child := range v.Slice().All() {
			r.make(child, levels-1)
		}
	case pcommon.ValueTypeDouble:
		if levels < maxRendered && (math.IsNaN(v.Double()) || math.IsInf(v.Double(), 0)) {
			v.SetStr(v.AsString())
			r.NotJSON = true
		}
	}
}

func (r *Repairs) cut(v pcommon.Value) {
	v.SetStr(tooDeep)
	r.TooDeep = true
}
