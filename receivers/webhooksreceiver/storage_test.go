// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooksreceiver

import (
	"bytes"
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	extstorage "go.opentelemetry.io/collector/extension/xextension/storage"
)

var storageID = component.MustNewIDWithName("file_storage", "state")

// storage is a storage extension in memory and its own client. It outlives receivers, as
// a file does, and fails when it is told to.
type storage struct {
	component.StartFunc
	component.ShutdownFunc
	mu   sync.Mutex
	data map[string][]byte
	err  error
	sets int
	open int
}

func newStorage() *storage { return &storage{data: map[string][]byte{}} }

func (s *storage) GetClient(context.Context, component.Kind, component.ID, string) (extstorage.Client, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open++
	return s, nil
}

func (s *storage) failWith(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *storage) keys() (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for key := range s.data {
		list = append(list, key)
	}
	return list
}

func (s *storage) Get(_ context.Context, key string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.data[key]), s.err
}

func (s *storage) Set(_ context.Context, key string, value []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.data[key] = bytes.Clone(value)
		s.sets++
	}
	return s.err
}

func (s *storage) Delete(_ context.Context, key string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		delete(s.data, key)
	}
	return s.err
}

func (*storage) Batch(context.Context, ...*extstorage.Operation) error { return nil }

func (s *storage) Close(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	return nil
}
