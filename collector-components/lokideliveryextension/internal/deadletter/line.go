// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package deadletter // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/deadletter"

import (
	"encoding/json"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// Note tells why records are in the file. It stands in the line as field deadLetter, which
// OTLP does not know and its readers skip.
type Note struct {
	// Time is when they were refused.
	Time time.Time `json:"time"`
	// Status is the HTTP status code of the refusal, Reason its text.
	Status int    `json:"status"`
	Reason string `json:"reason"`
	// ContentType and Body are set if the push could not be decoded.
	ContentType string `json:"contentType,omitempty"`
	Body        []byte `json:"body,omitempty"`
}

// Line returns the records as one line of OTLP/JSON, an ExportLogsServiceRequest that can
// be posted to Loki as it is.
func Line(note Note, logs plog.Logs) ([]byte, error) {
	head, err := json.Marshal(struct {
		DeadLetter Note `json:"deadLetter"`
	}{note})
	if err != nil {
		return nil, err
	}
	request, err := plogotlp.NewExportRequestFromLogs(logs).MarshalJSON()
	if err != nil {
		return nil, err
	}
	// Both are objects; the line is one with the fields of both.
	if len(request) <= len("{}") {
		return head, nil
	}
	head[len(head)-1] = ','
	return append(head, request[1:]...), nil
}
