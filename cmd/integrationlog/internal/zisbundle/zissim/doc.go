// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zissim runs flows of Zendesk Integration Services for tests, as far as
// Zendesk documents how they run: paths and placeholders, Catch, result paths, actions
// that are sent over HTTP for real, and what ends a flow.
//
// It is a simulation after documents, not a recording of ZIS. Where the documents leave
// a doubt it takes the less friendly reading: a path that does not exist is an error
// everywhere, and a connection that does not exist keeps a flow from starting.
package zissim // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"
