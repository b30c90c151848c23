// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package simulator has the simulated vendors, which serve the tests and the demo. They
// are written from the vendors' pages, and share nothing with the receivers: what one
// side misunderstands the other does not take over. See the README.
package simulator // import "github.com/integrationlog/integrationlog/internal/simulator"
