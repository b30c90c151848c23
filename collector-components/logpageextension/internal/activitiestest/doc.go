// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package activitiestest has a log in memory that keeps the contract of activities.Reader,
// and a week of believable activities, for tests of what reads the log.
package activitiestest // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
