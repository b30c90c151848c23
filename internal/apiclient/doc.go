// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package apiclient sends requests to one vendor's API, and nowhere else: the
// credentials go to the host that was configured, over TLS, and follow neither a link nor
// a redirect to another.
package apiclient // import "github.com/integrationlog/integrationlog/internal/apiclient"
