// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package queuestorageextension is a storage extension for exporters' sending queues.
// It stands between the queue and another storage extension, and sees to it that
// nothing which the queue accepted is lost, at whatever moment the process ends.
package queuestorageextension // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension"
