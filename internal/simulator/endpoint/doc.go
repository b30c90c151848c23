// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package endpoint is what the simulated vendors share: an HTTP address on this
// machine that remembers every request, and that can be made to fail on purpose. What
// a vendor answers when nothing is wrong is the handler that it is given.
package endpoint // import "github.com/integrationlog/integrationlog/internal/simulator/endpoint"
