// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func TestStatusThatIsNoString(t *testing.T) {
	tests := map[string]struct {
		value    any
		want     activity.Status
		original string
		unknown  int64
	}{
		"code":           {value: 404, want: activity.Error, original: "404"},
		"good code":      {value: 200, want: activity.Info, original: "200"},
		"code in JSON":   {value: 429.0, want: activity.Warning, original: "429"},
		"code in digits": {value: "500", want: activity.Error, original: "500"},
		"null":           {value: nil, want: activity.Info},
		"small number":   {value: 3, want: activity.Info, original: "3", unknown: 1},
		"large number":   {value: math.MaxInt64, want: activity.Info, original: "9223372036854775807", unknown: 1},
		"fraction":       {value: 404.5, want: activity.Info, original: "404.5", unknown: 1},
		"huge fraction":  {value: math.MaxFloat64, want: activity.Info, original: "1.7976931348623157e+308", unknown: 1},
		"not a number":   {value: math.NaN(), want: activity.Info, original: "NaN", unknown: 1},
		"infinite":       {value: math.Inf(-1), want: activity.Info, original: "-Inf", unknown: 1},
		"truth value":    {value: true, want: activity.Info, original: "true", unknown: 1},
		"map":            {value: attrs{"status": "error"}, want: activity.Info, original: "Map", unknown: 1},
		"list":           {value: []any{"error"}, want: activity.Info, original: "Slice", unknown: 1},
		"bytes":          {value: []byte("error"), want: activity.Info, original: "Bytes", unknown: 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := testProcessor(t, nil)
			record := plog.NewLogRecord()
			said{attributes: attrs{"status": test.value}}.fill(t, record)
			var unknown unknownWords
			p.processRecord(record, &unknown)

			requireStatus(t, record, test.want)
			want := attrs{"status": string(test.want)}
			if test.original != "" {
				want["status.original"] = test.original
			}
			require.Equal(t, want, record.Attributes().AsRaw())
			require.Equal(t, unknownWords{statusAttribute: test.unknown}, unknown)
			requireStable(t, p, record)
		})
	}
}

func TestNumbersInLevelAndSeverityAreUnknown(t *testing.T) {
	for _, key := range []string{"level", "severity"} {
		for _, value := range []any{0, 4, 17, 30, 500, 17.0, "17", "500"} {
			p := testProcessor(t, nil)
			record := plog.NewLogRecord()
			said{attributes: attrs{key: value}, number: plog.SeverityNumberWarn}.fill(t, record)
			var unknown unknownWords
			p.processRecord(record, &unknown)

			requireStatus(t, record, activity.Warning)
			require.Equal(t, attrs{key: record.Attributes().AsRaw()[key], "status": "warning"}, record.Attributes().AsRaw())
			var total int64
			for _, n := range unknown {
				total += n
			}
			require.EqualValues(t, 1, total)
		}
	}
}
