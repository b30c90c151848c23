// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package systemd checks the units of config/systemd: as systemd reads them, and with
// systemd's own analysis where that is installed.
package systemd
