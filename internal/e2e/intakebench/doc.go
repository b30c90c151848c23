// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package intakebench compares ways to take in what products post: a bare HTTP handler
// that only checks the credential, the receiver of each product, and the collector's own
// OTLP receiver; one record a request and many, into nothing, and into a durable queue.
// docs/performance.md says what it shows. It has nothing but tests:
//
//	go test -run '^$' -bench . ./internal/e2e/intakebench
package intakebench // import "github.com/integrationlog/integrationlog/internal/e2e/intakebench"
