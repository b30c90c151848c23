// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package load

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/ledger"
	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

const (
	// private is the product of an integration that sends OTLP by itself.
	private activity.Product = "erp"
	// export is how many records it sends at a time.
	export = 5
)

// otlp sends batches as an SDK does, which sends again what was not acknowledged, and nothing
// else.
func otlp(i *harness.Installation) *pusher {
	return &pusher{product: private, perSecond: 4, once: true, make: func(number int, at time.Time) delivery {
		var d delivery
		logs := plog.NewLogs()
		resource := logs.ResourceLogs().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", string(private))
		records := resource.ScopeLogs().AppendEmpty().LogRecords()
		for n := number * export; n < (number+1)*export; n++ {
			failed := n%export == 0
			id := fmt.Sprintf("export-%d", n)
			status := "info"
			if failed {
				status = "error"
			}
			record := records.AppendEmpty()
			record.SetTimestamp(pcommon.NewTimestampFromTime(at))
			record.Body().SetStr(fmt.Sprintf("Order %d was exported", n))
			record.Attributes().PutStr("product", string(private))
			record.Attributes().PutStr("status", status)
			record.Attributes().PutStr("activity.type", "export")
			record.Attributes().PutStr("activity.id", id)
			d.activities = append(d.activities, ledger.Activity{
				Key: ledger.Key{Product: private, ID: id}, Number: n, Form: "otlp " + status, At: at, Failed: failed,
			})
		}
		d.send = func(ctx context.Context) (senders.Answer, error) {
			ctx, cancel := context.WithTimeout(ctx, patience)
			defer cancel()
			if err := i.SendOTLP(ctx, logs); err != nil {
				return senders.Answer{}, err
			}
			return senders.Answer{Status: http.StatusOK}, nil
		}
		return d
	}}
}
