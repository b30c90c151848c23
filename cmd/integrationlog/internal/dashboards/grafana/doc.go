// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package grafana does with a dashboard's JSON what Grafana does before it asks a data
// source: it reads panels and variables, puts the variables into queries and links, and
// chooses steps and windows. So tests can run the very queries that a browser would.
//
// What it does was read in Grafana's own sources: variables in @grafana/scenes 9.2
// (formatRegistry, sceneInterpolator, MultiValueVariable, macros), their escaping and the
// variables of the data sources in @grafana/prometheus 13.1 and in
// grafana/grafana-loki-datasource 13.1, intervals and links in @grafana/data 13.2, and
// what is left to the server in grafana/grafana (pkg/promlib/models).
package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"
