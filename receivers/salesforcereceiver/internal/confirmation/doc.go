// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package confirmation finds out what became of a change in Salesforce that Zendesk's
// integration should synchronise. Salesforce tells the change only; the outcome shows at
// Zendesk, where the organization or the user that has the record's id for its external id
// was updated since, or was not.
//
// An update at Zendesk may have had another cause, and a change of a field that is not
// mapped is rightly not synchronised. So the one is evidence of what was observed, and
// the other a warning that says what to look at.
//
// Source: https://support.zendesk.com/hc/en-us/articles/4408823346458
package confirmation // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
