// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go -C ../../.. tool mdatagen cmd/integrationlog/embeddedlokiextension/metadata.yaml

// Package embeddedlokiextension runs Loki inside the collector's process, as the
// store of the integration log on a single machine.
//
// It links Loki, which is licensed under the AGPL-3.0: a binary with this package
// in it is, as a whole, under that licence.
package embeddedlokiextension // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension"
