// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor // import "github.com/integrationlog/integrationlog/processors/severityprocessor"

import (
	"math"
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/words"
)

// source is a part of a record that may tell how the activity went. Sources are
// asked in their order.
type source int

const (
	statusAttribute source = iota
	levelAttribute
	severityAttribute
	severityNumberField
	severityTextField
	httpStatusAttribute
	sourceCount
)

// Attributes that log libraries use, and that are not the integration log's own.
const (
	levelKey    = "level"
	severityKey = "severity"
)

// sourceNames are the sources' names in the telemetry.
var sourceNames = [sourceCount]string{
	statusAttribute:     activity.StatusKey,
	levelAttribute:      levelKey,
	severityAttribute:   severityKey,
	severityNumberField: "severity_number",
	severityTextField:   "severity_text",
	httpStatusAttribute: activity.HTTPStatusCodeKey,
}

// read returns what a source says, in its own words, and what that means.
func (s source) read(record plog.LogRecord, dictionary *words.Dictionary) (string, words.Meaning) {
	switch s {
	case severityNumberField:
		return readNumber(record, dictionary)
	case severityTextField:
		return record.SeverityText(), dictionary.Word(record.SeverityText())
	}
	value, ok := record.Attributes().Get(sourceNames[s])
	if !ok {
		return "", words.Meaning{}
	}
	word, ok := valueWord(value)
	switch {
	case !ok:
		return word, words.Meaning{Kind: words.Unknown}
	case s == statusAttribute || s == httpStatusAttribute:
		return word, dictionary.WordOrCode(word)
	default:
		// A number here may be syslog's, OpenTelemetry's or a library's own, and they
		// contradict one another: no meaning is built in, mapping can give one.
		return word, dictionary.Word(word)
	}
}

// readNumber prefers SeverityText as the word for the number, because it is what
// the number was called at the source. It falls back on the number's digits.
func readNumber(record plog.LogRecord, dictionary *words.Dictionary) (string, words.Meaning) {
	number := record.SeverityNumber()
	if number == plog.SeverityNumberUnspecified {
		return "", words.Meaning{}
	}
	status, ok := words.FromSeverityNumber(number)
	if !ok {
		return strconv.Itoa(int(number)), words.Meaning{Kind: words.Unknown}
	}
	text := dictionary.Word(record.SeverityText())
	if text.Kind != words.Blank && !(text.Own && text.Status == status) {
		return record.SeverityText(), words.Meaning{Kind: words.Decided, Status: status}
	}
	own := number == severityNumber(status)
	return strconv.Itoa(int(number)), words.Meaning{Kind: words.Decided, Status: status, Own: own}
}

// valueWord returns an attribute's value as a word; a whole number becomes its
// digits. It returns false, and the name of the type, for what cannot be a word.
func valueWord(value pcommon.Value) (string, bool) {
	switch value.Type() {
	case pcommon.ValueTypeEmpty:
		return "", true
	case pcommon.ValueTypeStr:
		return value.Str(), true
	case pcommon.ValueTypeInt:
		return strconv.FormatInt(value.Int(), 10), true
	case pcommon.ValueTypeBool:
		return strconv.FormatBool(value.Bool()), true
	case pcommon.ValueTypeDouble:
		// JSON knows no integers: 404 often arrives as 404.0.
		if d := value.Double(); d == math.Trunc(d) && math.Abs(d) < 1<<53 {
			return strconv.FormatInt(int64(d), 10), true
		}
		return strconv.FormatFloat(value.Double(), 'g', -1, 64), true
	default:
		return value.Type().String(), false
	}
}
