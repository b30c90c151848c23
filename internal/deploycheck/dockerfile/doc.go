// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package dockerfile checks the Dockerfile with BuildKit's own parser and linter, and with
// the rules by which images of this project are built.
package dockerfile
