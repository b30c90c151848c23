// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package severityprocessor

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/activity"
)

func FuzzProcessRecord(f *testing.F) {
	f.Add("", "", "", int64(0), int32(0), "")
	f.Add("FAILED", "info", "crit", int64(404), int32(21), "FATAL")
	f.Add("Débogage\x00", "\xff", "pending", int64(-1), int32(-9), " ")
	f.Add("wibble", "warn", "", int64(200), int32(25), "Erreur")
	p := testProcessor(f, func(cfg *Config) {
		cfg.Mapping = map[string]activity.Status{"wobble": activity.Debug, "404": activity.Info}
	})
	f.Fuzz(func(t *testing.T, status, level, severity string, code int64, number int32, text string) {
		record := plog.NewLogRecord()
		attributes := attrs{"status": status, "level": level, "severity": severity, "http.response.status_code": code}
		said{attributes, plog.SeverityNumber(number), text}.fill(t, record)
		p.processRecord(record, new(unknownWords))
		requireStatus(t, record, activity.Status(record.SeverityText()))
		if value, ok := record.Attributes().Get(activity.StatusOriginalKey); ok {
			require.LessOrEqual(t, len(value.Str()), 3*maxOriginal)
			require.NotEmpty(t, value.Str())
		}
		requireStable(t, p, record)
	})
}
