// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package changeevent reads the events of Salesforce's Change Data Capture: the header,
// the names of the fields that changed, and the values of fields that were asked for by
// name. Everything else in the payload is personal data, and is not read.
// Source: https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_event_fields_header.htm
package changeevent // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
