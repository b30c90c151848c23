// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package entrytest checks receivers that are built on package entry. What all of them have
// to do is checked here, once; a receiver brings its factory, and its fixtures in
// testdata/entries: a directory each, with the body that is posted (body.json, or body.ndjson
// for lines) and the records that are expected (expected.yaml).
package entrytest // import "github.com/integrationlog/integrationlog/internal/entry/entrytest"
