// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package filecheckextension looks at the files of file_storage before anybody opens them,
// and sets aside those that are damaged, so that the collector starts without them.
package filecheckextension // import "github.com/integrationlog/integrationlog/collector-components/filecheckextension"
