// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"errors"
	"fmt"

	"github.com/grafana/loki/v3/pkg/loki"
	"go.uber.org/zap"
)

// writeChunksThrough lets the file system write through what Loki moves from its write-ahead
// log to chunks and to the index.
//
// Loki does not wait for the disk there, either, and shortens the log, so that a loss of power
// would cost them.
func writeChunksThrough(c *loki.ConfigWrapper, logger *zap.Logger) error {
	chunks := c.StorageConfig.FSConfig.Directory
	if chunks == "" { // they are in an object store
		return nil
	}
	for _, directory := range []string{chunks, c.StorageConfig.TSDBShipperConfig.ActiveIndexDirectory, c.CompactorConfig.WorkingDirectory} {
		err := writeThrough(directory)
		if errors.Is(err, errors.ErrUnsupported) {
			logger.Warn("The file system cannot be told to write through what Loki stores: a loss of power may cost what it moved to chunks "+
				"within the last half minute. ext4 and XFS can", zap.Error(err))
			return nil
		}
		if err != nil {
			return fmt.Errorf("to write through what Loki stores, which fsync: false does without: %w", err)
		}
	}
	return nil
}
