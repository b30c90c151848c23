// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"github.com/grafana/loki/v3/pkg/loki"
	"go.uber.org/zap"
)

// writeIndexThrough lets the file system write through the part of Loki's index that is not in
// the object store yet.
//
// Loki writes chunks through, then notes them in the index without waiting for the disk, and
// shortens its write-ahead log. A loss of power would leave chunks that nothing names. Not every
// file system can, and none of another owner's directory: that is said, and no reason not to start.
func writeIndexThrough(c *loki.ConfigWrapper, logger *zap.Logger) {
	if err := writeThrough(c.StorageConfig.TSDBShipperConfig.ActiveIndexDirectory); err != nil {
		logger.Warn("The file system cannot be told to write Loki's index through: a loss of power may cost what Loki moved to chunks "+
			"within the last half minute. ext4 and XFS can, for a directory of this process's own user", zap.Error(err))
	}
}
