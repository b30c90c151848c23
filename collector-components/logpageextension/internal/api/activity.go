// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// activity is one activity in JSON. What a source does not tell is left out.
type activity struct {
	Time           time.Time         `json:"time"`
	Position       string            `json:"position"`
	Product        string            `json:"product"`
	Status         string            `json:"status"`
	Description    string            `json:"description"`
	Type           string            `json:"type,omitempty"`
	Evidence       string            `json:"evidence,omitempty"`
	Integration    string            `json:"integration,omitempty"`
	Account        string            `json:"account,omitempty"`
	ID             string            `json:"id,omitempty"`
	ObjectType     string            `json:"object_type,omitempty"`
	ObjectID       string            `json:"object_id,omitempty"`
	ErrorType      string            `json:"error_type,omitempty"`
	ErrorCode      string            `json:"error_code,omitempty"`
	ErrorMessage   string            `json:"error_message,omitempty"`
	HTTPStatusCode int               `json:"http_status_code,omitempty"`
	Attributes     map[string]string `json:"attributes,omitempty"`
}

func newActivity(a activities.Activity, zone *time.Location) activity {
	return activity{
		Time: a.Time.In(zone), Position: string(a.Position), Product: a.Product, Status: a.Status, Description: a.Description,
		Type: a.Type, Evidence: a.Evidence, Integration: a.Integration, Account: a.Account, ID: a.ID,
		ObjectType: a.ObjectType, ObjectID: a.ObjectID, ErrorType: a.ErrorType, ErrorCode: a.ErrorCode, ErrorMessage: a.ErrorMessage,
		HTTPStatusCode: a.HTTPStatusCode, Attributes: a.Attributes,
	}
}
