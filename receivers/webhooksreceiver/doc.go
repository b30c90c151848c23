// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package webhooksreceiver reads the log that Zendesk keeps of its webhooks, and makes a
// log record of each state that an invocation has completed.
package webhooksreceiver // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver"
