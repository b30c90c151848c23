// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package hostcheckextension is a middleware for HTTP servers on this machine that ask for no
// credential: it keeps out pages of other sites that make a name of their own lead here (DNS
// rebinding).
package hostcheckextension // import "github.com/integrationlog/integrationlog/collector-components/hostcheckextension"
