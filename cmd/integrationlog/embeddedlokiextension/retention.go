// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"

import (
	"time"

	"github.com/grafana/loki/v3/pkg/loki"
	"github.com/prometheus/common/model"
)

const (
	// querySlack is how much more than the log is shown. Loki refuses a query of which a
	// part lies before max_query_lookback: the first step of a chart of the whole log, which
	// begins a little before it.
	querySlack = time.Hour
	// lookBackSlack makes the ingester show a little more than that, so that the edge is
	// drawn in one place: max_query_lookback.
	lookBackSlack = 2 * time.Hour
	// maxQueueWait is how long a record may wait in the exporter's queue and still be
	// taken, however old it was when it came in.
	maxQueueWait = 7 * 24 * time.Hour
)

// overrideRetention sets all periods that follow from the length of the log.
func overrideRetention(l *loki.ConfigWrapper, retention time.Duration) {
	l.LimitsConfig.RetentionPeriod = model.Duration(retention)
	l.LimitsConfig.MaxQueryLookback = model.Duration(retention + querySlack)
	l.LimitsConfig.RejectOldSamplesMaxAge = model.Duration(retention + maxQueueWait)
	l.Ingester.QueryStoreMaxLookBackPeriod = retention + lookBackSlack
}
