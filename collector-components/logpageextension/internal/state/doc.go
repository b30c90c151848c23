// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package state is what the URL of the log page says: which activities to show, which part
// of them, and in which time zone. Whoever has the URL sees the same. The HTTP API and the
// export read the same parameters by it, so that they give the same activities.
package state // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
