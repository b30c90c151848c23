// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokimeta // import "github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/lokimeta"

import (
	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/integrationlog/integrationlog/internal/text"
	"github.com/integrationlog/integrationlog/processors/lokilimitsprocessor/internal/change"
)

// maxFlattened is how deep maps are taken apart into attributes of their own.
const maxFlattened = 8

// MakeRenderable changes what a map or a list cannot be rendered with, see
// [text.MakeRenderable]: Loki would store nothing of the whole value.
func MakeRenderable(v pcommon.Value) (changes change.Set) {
	repairs := text.MakeRenderable(v)
	if repairs.TooDeep {
		changes |= change.Of(change.TooDeep)
	}
	if repairs.NotJSON {
		changes |= change.Of(change.NotJSON)
	}
	return changes
}
