// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !(linux && amd64)

package faults

import (
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}
