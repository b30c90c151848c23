// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package oauth gets the tokens with which a receiver calls a vendor's API, and keeps
// them until shortly before they expire. Secrets go to the token endpoint that was
// configured and nowhere else, and into no error.
package oauth // import "github.com/integrationlog/integrationlog/internal/oauth"
