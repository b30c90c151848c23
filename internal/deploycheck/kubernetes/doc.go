// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package kubernetes has no code but tests: they build what config/kubernetes holds with
// Kustomize's own library, read it as strictly as an API server does, and hold it against
// rules that a cluster would only tell later, or never. They also run the collector with the
// very arguments, variables and files that its pods get. A mutated manifest shows of each
// rule that it can fail. No cluster takes part.
//
//go:generate cp ../../../config/gateway.yaml ../../../config/products.yaml ../../../config/kubernetes/collector/
package kubernetes // import "github.com/integrationlog/integrationlog/internal/deploycheck/kubernetes"
