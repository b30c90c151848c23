// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package pull is what all receivers share that poll a vendor: a loop that runs, backs
// off and reports how it goes, and a hand-over to the pipeline that waits until the
// records were taken. Only after that a receiver moves its checkpoint.
package pull // import "github.com/integrationlog/integrationlog/internal/pull"
