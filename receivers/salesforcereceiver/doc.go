// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package salesforcereceiver makes log records of what can be seen of Zendesk's integration
// with Salesforce from Salesforce's side: changes of records, and calls that failed. Where
// it may ask Zendesk, it finds out what became of the changes.
package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"
