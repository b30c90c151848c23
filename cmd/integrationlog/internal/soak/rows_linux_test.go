// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soak

import (
	"time"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/audit"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/load"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/table"
)

// fill tells in a row what became of a phase; nil is one in which nothing was sent.
func fill(row *table.Row, result *audit.Result) {
	if result == nil {
		return
	}
	row.Acknowledged, row.Stored, row.SetAside = result.Acknowledged, result.Stored, result.SetAside
	row.Missing, row.Doubled, row.Altered = result.Missing, result.Doubled, result.Altered+result.OutOfTime
}

func everything(ledger.Entry) bool { return true }

// isCall tells what a log file of Salesforce's tells of, which is read once a minute.
func isCall(e ledger.Entry) bool { return e.Form == load.CallForm }

func isPosted(e ledger.Entry) bool { return e.Took > 0 || e.Acknowledged.IsZero() }

// worstAnswer is the longest time of an answer that acknowledged something in this phase.
func (s *station) worstAnswer() time.Duration {
	worst := time.Duration(0)
	for _, e := range s.ledger.Phase() {
		worst = max(worst, e.Took)
	}
	return worst
}
