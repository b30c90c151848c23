// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// SendOTLP sends the logs in one request, as an integration does that emits the
// records itself. It returns an error unless all of them were accepted.
func (i *Installation) SendOTLP(ctx context.Context, logs plog.Logs) error {
	message, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url(i.Ports.OTLPHTTP)+"/v1/logs", bytes.NewReader(message))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	text, err := body(response)
	if err != nil {
		return err
	}
	answer := plogotlp.NewExportResponse()
	if err := answer.UnmarshalProto(text); err != nil {
		return err
	}
	if rejected := answer.PartialSuccess().RejectedLogRecords(); rejected > 0 {
		return fmt.Errorf("%d records rejected: %s", rejected, answer.PartialSuccess().ErrorMessage())
	}
	return nil
}
