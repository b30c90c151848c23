// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package config holds the configurations that are shipped with the project.
package config // import "github.com/integrationlog/integrationlog/config"

import _ "embed"

// AllInOne is what the command integrationlog runs without a file.
//
//go:embed all-in-one.yaml
var AllInOne string
