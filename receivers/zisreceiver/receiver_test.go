// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisreceiver

import (
	"testing"

	"github.com/integrationlog/integrationlog/internal/entry/entrytest"
)

func TestDefaults(t *testing.T) { entrytest.CheckDefaults(t, NewFactory(), "/zis") }

func TestEntries(t *testing.T) { entrytest.CheckEntries(t, NewFactory()) }

func TestShapes(t *testing.T) { entrytest.CheckShapes(t, NewFactory()) }

func TestCredentials(t *testing.T) { entrytest.CheckCredentials(t, NewFactory()) }

func TestReplies(t *testing.T) { entrytest.CheckReplies(t, NewFactory(), notNow) }

func TestRepetition(t *testing.T) { entrytest.CheckRepetition(t, NewFactory()) }

func TestNothingPersonalGetsOut(t *testing.T) { entrytest.CheckCanaries(t, NewFactory(), notNow, 12) }

func TestIncludes(t *testing.T) { entrytest.CheckIncludes(t, NewFactory(), "zis") }

func TestConsumeContract(t *testing.T) { entrytest.CheckConsumeContract(t, NewFactory()) }

func FuzzHandler(f *testing.F) { entrytest.FuzzHandler(f, NewFactory()) }

func BenchmarkReceiver(b *testing.B) { entrytest.BenchmarkReceiver(b, NewFactory()) }
