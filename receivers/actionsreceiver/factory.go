// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package actionsreceiver // import "github.com/integrationlog/integrationlog/receivers/actionsreceiver"

import (
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/entry"
	"github.com/integrationlog/integrationlog/receivers/actionsreceiver/internal/metadata"
)

// Config configures the receiver.
type Config = entry.Config

// NewFactory returns the factory of the receiver.
func NewFactory() receiver.Factory {
	return entry.NewFactory(metadata.Type, metadata.LogsStability, metadata.ScopeName, "/actions", product())
}
