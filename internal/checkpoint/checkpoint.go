// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package checkpoint keeps how far a receiver has come, so that a restart goes on from
// there. What is stored as it was written and cannot be understood is another program's or
// another version's: an error and never a fresh start, which would lose or repeat
// activities silently. What a disk has changed is set aside by
// [github.com/integrationlog/integrationlog/internal/storageclient].
package checkpoint // import "github.com/integrationlog/integrationlog/internal/checkpoint"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver"

	"github.com/integrationlog/integrationlog/internal/storageclient"
)

// version is that of the layout of what is stored.
const version = 1

// clientName tells the client of the storage from others of the same component.
const clientName = "checkpoint"

// ErrUnknown goes with what can be read and not be understood.
var ErrUnknown = errors.New("the checkpoint is none of this receiver's; " +
	"restore the storage from a copy, or remove this receiver's file from it to begin as at the first start")

// ErrNewer goes with what a later version of this program has written.
var ErrNewer = errors.New("the checkpoint was written by a newer version of this program; run that version, " +
	"or remove this receiver's file from the storage to begin as at the first start")

// envelope is what surrounds each document.
type envelope struct {
	Version  int             `json:"version"`
	Document json.RawMessage `json:"document"`
}

// Store holds JSON documents by key.
type Store struct {
	client storage.Client
}

// Open returns the store of a receiver. Without a storage extension it is in memory,
// and ends with the process.
func Open(ctx context.Context, host component.Host, storageID *component.ID, settings receiver.Settings) (*Store, error) {
	if storageID == nil {
		return &Store{client: newMemory()}, nil
	}
	client, err := storageclient.Open(ctx, host, *storageID, settings, clientName)
	if err != nil {
		return nil, err
	}
	return &Store{client: client}, nil
}

// Load reads a document and tells whether there is one.
func (s *Store) Load(ctx context.Context, key string, into any) (bool, error) {
	content, err := s.client.Get(ctx, key)
	if err != nil {
		return false, fmt.Errorf("storage: cannot read the checkpoint %q: %w", key, err)
	}
	if content == nil {
		return false, nil
	}
	var e envelope
	if err := json.Unmarshal(content, &e); err != nil || e.Version < 1 || len(e.Document) == 0 {
		return false, fmt.Errorf("storage: checkpoint %q: %w", key, ErrUnknown)
	}
	if e.Version > version {
		return false, fmt.Errorf("storage: checkpoint %q has version %d: %w", key, e.Version, ErrNewer)
	}
	if err := json.Unmarshal(e.Document, into); err != nil {
		return false, fmt.Errorf("storage: checkpoint %q: %w", key, ErrUnknown)
	}
	return true, nil
}

// Save writes a document.
func (s *Store) Save(ctx context.Context, key string, document any) error {
	content, err := json.Marshal(document)
	if err != nil {
		return fmt.Errorf("checkpoint %q: %w", key, err)
	}
	content, err = json.Marshal(envelope{Version: version, Document: content})
	if err != nil {
		return fmt.Errorf("checkpoint %q: %w", key, err)
	}
	if err := s.client.Set(ctx, key, content); err != nil {
		return fmt.Errorf("storage: cannot write the checkpoint %q: %w", key, err)
	}
	return nil
}

// Delete removes a document, if it is there.
func (s *Store) Delete(ctx context.Context, key string) error {
	if err := s.client.Delete(ctx, key); err != nil {
		return fmt.Errorf("storage: cannot delete the checkpoint %q: %w", key, err)
	}
	return nil
}

// Close closes the client of the storage.
func (s *Store) Close(ctx context.Context) error { return s.client.Close(ctx) }
