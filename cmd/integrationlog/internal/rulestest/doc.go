// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package rulestest shows that the alert rules are what each of their readers takes: Prometheus,
// Loki's ruler, Grafana and Alertmanager, by their own code, and that Loki's ruler fires them.
package rulestest // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/rulestest"
