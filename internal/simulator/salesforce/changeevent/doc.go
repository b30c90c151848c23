// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package changeevent makes the events of Salesforce's Change Data Capture: Avro
// schemas of the shape that GetSchema returns, and payloads that are encoded with
// them, from changes that are told in a readable form.
//
// What an event looks like is from
// https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_event_fields_header.htm
// and https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-deserialization-considerations.html
package changeevent // import "github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
