// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package filecheckextension // import "github.com/integrationlog/integrationlog/collector-components/filecheckextension"

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/boltfile"
	"github.com/integrationlog/integrationlog/collector-components/filecheckextension/internal/metadata"
)

// mark is in the names of files that were set aside.
const mark = ".damaged-"

// storageFile matches the names that file_storage gives: the kind, type and name of a
// component, or a digest of them where they are too long.
var storageFile = regexp.MustCompile(`\A(?:(?:receiver|processor|exporter|extension|connector|other)_.*|[0-9a-f]{64})\z`)

type fileCheck struct {
	config    *Config
	logger    *zap.Logger
	telemetry *metadata.TelemetryBuilder
	aside     int64
}

func newExtension(set extension.Settings, config *Config) (*fileCheck, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &fileCheck{config: config, logger: set.Logger, telemetry: telemetry}, nil
}

// Start looks at all files. Extensions start before the components that open them. It
// fails where a file was written by a newer version: that is no damage, and the data are
// not to be left behind without anybody wanting it.
func (f *fileCheck) Start(ctx context.Context, _ component.Host) error {
	var errs []error
	for _, directory := range f.config.Directories {
		entries, err := os.ReadDir(directory)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			f.logger.Warn("The files of a storage cannot be checked", zap.Error(err))
		}
		for _, entry := range entries {
			errs = append(errs, f.look(directory, entry))
		}
	}
	f.telemetry.FileCheckSetAsideFiles.Add(ctx, f.aside)
	return errors.Join(errs...)
}

// look checks one file.
func (f *fileCheck) look(directory string, entry os.DirEntry) error {
	path := filepath.Join(directory, entry.Name())
	if strings.Contains(entry.Name(), mark) {
		f.aside++
		f.logger.Warn("A damaged file of a storage lies beside those in use. Move it away once nobody needs it", zap.String("file", path))
		return nil
	}
	if !entry.Type().IsRegular() || !storageFile.MatchString(entry.Name()) {
		return nil
	}
	switch err := boltfile.Check(path); {
	case errors.Is(err, boltfile.ErrEmpty):
		f.logger.Warn("A file of a storage is empty: what it held, if anything, is gone", zap.String("file", path))
		return nil
	case errors.Is(err, boltfile.ErrDamaged):
		return f.setAside(path, err)
	case errors.Is(err, boltfile.ErrNewer):
		return fmt.Errorf("%s: %w; run that version, or move the file away to begin without what it holds", path, err)
	default:
		// What else is wrong is told by who opens it.
		return nil
	}
}

func (f *fileCheck) setAside(path string, reason error) error {
	aside := path + mark + time.Now().UTC().Format("20060102T150405.000000000Z")
	if err := os.Rename(path, aside); err != nil {
		return fmt.Errorf("%s: %w, and it cannot be set aside: %w", path, reason, err)
	}
	f.aside++
	f.logger.Error("A file of a storage is damaged and was set aside; the collector begins without what it held. "+
		"Check the disk; see the README of file_check for what that was",
		zap.String("file", path), zap.String("set_aside", aside), zap.Error(reason))
	return nil
}

// Shutdown takes this process's files out of the sum: the next start counts them again.
func (f *fileCheck) Shutdown(ctx context.Context) error {
	f.telemetry.FileCheckSetAsideFiles.Add(ctx, -f.aside)
	f.aside = 0
	f.telemetry.Shutdown()
	return nil
}
