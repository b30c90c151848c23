// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package cdcrecord makes activities of Salesforce's change events.
//
// Zendesk's integration writes cases: such a change is the outcome, and was observed. It
// only reads accounts, contacts and leads: such a change says that something should be
// synchronised, and not whether it was, unless Zendesk's package has written an outcome
// into the record.
package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"
