// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"github.com/grafana/loki/v3/pkg/loki"
	"go.uber.org/zap"
)

// writeChunksThrough lets the file system write through what Loki moves from its write-ahead
// log to chunks and to the index.
//
// Loki does not wait for the disk there, either, and shortens the log, so that a loss of power
// would cost them. Not every file system can, and none of another owner's directories: that is
// said, and no reason not to start.
func writeChunksThrough(c *loki.ConfigWrapper, logger *zap.Logger) {
	chunks := c.StorageConfig.FSConfig.Directory
	if chunks == "" { // they are in an object store
		return
	}
	for _, directory := range []string{chunks, c.StorageConfig.TSDBShipperConfig.ActiveIndexDirectory, c.CompactorConfig.WorkingDirectory} {
		if err := writeThrough(directory); err != nil {
			logger.Warn("The file system cannot be told to write through what Loki stores: a loss of power may cost what it moved to chunks "+
				"within the last half minute. ext4 and XFS can, for directories of this process's own user", zap.Error(err))
			return
		}
	}
}
