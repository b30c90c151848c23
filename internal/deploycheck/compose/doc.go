// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package compose checks config/compose.yaml with Compose's own parser: there is no
// container engine where the tests run.
package compose
