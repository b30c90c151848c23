// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package logpagetest shows beside a real Loki what the log page reads of it, and how fast.
package logpagetest

import (
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	if directory := os.Getenv(lokiDirectory); directory != "" {
		if err := runLoki(directory, os.Getenv(lokiEndpoint)); err != nil {
			panic(err)
		}
		return
	}
	m.Run()
}
