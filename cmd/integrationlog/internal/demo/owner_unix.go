// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"io/fs"
	"os"
	"syscall"
)

// isOurs tells whether something belongs to this user.
func isOurs(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
