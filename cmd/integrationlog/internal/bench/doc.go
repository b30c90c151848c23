// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package bench measures the shipped binaries from outside: the highest rate of webhooks
// that is acknowledged, what each stage costs a record, how costs grow, and what a process
// takes that has nothing to do. docs/performance.md says what it shows. It has nothing but
// benchmarks, each of which runs once:
//
//	go test -run '^$' -bench . ./internal/bench
//	go test -run '^$' -bench HighestRate ./internal/bench -for 5m -p99 50ms
package bench // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/bench"
