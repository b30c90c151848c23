// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package vendors plays what has happened in a history: simulated vendors on this machine
// that speak the real wire formats. What they push goes to the webhooks of a collector; what
// is fetched from them they keep until it is.
package vendors // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/vendors"
