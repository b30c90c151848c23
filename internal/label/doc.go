// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package label says which labels a record has in the store and in the metrics: what
// stands for one that is missing, what is made of one that no label can be, and how many
// products may have labels of their own. Loki and Prometheus have to agree on it, or a
// graph could not be followed into the log.
package label // import "github.com/integrationlog/integrationlog/internal/label"
