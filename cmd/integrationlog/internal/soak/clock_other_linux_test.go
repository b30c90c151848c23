// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !amd64

package soak

// clocks are none: only on amd64 the clock of a process can be moved.
var clocks []fault
