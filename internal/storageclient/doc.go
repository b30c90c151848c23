// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package storageclient opens what a receiver keeps across restarts. It puts a checksum
// behind each value, and sets aside one whose checksum is wrong: what a disk has changed
// costs what it held, and neither the start nor what lies beside it.
package storageclient // import "github.com/integrationlog/integrationlog/internal/storageclient"
