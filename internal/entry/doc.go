// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package entry is what the receivers share whose products report to the log by
// themselves: code at Zendesk posts an entry in the shape that the details of Zendesk's
// own integration log have, {id, timestamp, product, service, level, message, fields}, of
// which only the message has to be there.
// Source of the shape: https://support.zendesk.com/hc/ko/articles/6733656753562
//
// A receiver brings a [Product], which says what is particular to it, and gets its
// factory from [NewFactory].
package entry // import "github.com/integrationlog/integrationlog/internal/entry"
