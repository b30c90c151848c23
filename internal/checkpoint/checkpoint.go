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

// Document is one that is asked for.
type Document struct {
	// Key is what it was saved by.
	Key string
	// Into is what it is decoded into, a pointer, if there is one.
	Into any
	// Found tells that there is one.
	Found bool
}

// Load reads a document and tells whether there is one.
func (s *Store) Load(ctx context.Context, key string, into any) (bool, error) {
	d := Document{Key: key, Into: into}
	err := s.LoadAll(ctx, &d)
	return d.Found, err
}

// LoadAll reads documents in one call of the storage. For many it is much faster than one
// by one: to file_storage a call that only reads is a transaction, too, for whose end it
// waits for the disk.
func (s *Store) LoadAll(ctx context.Context, documents ...*Document) error {
	if len(documents) == 0 {
		return nil
	}
	ops := make([]*storage.Operation, len(documents))
	for i, d := range documents {
		d.Found, ops[i] = false, storage.GetOperation(d.Key)
	}
	if err := s.client.Batch(ctx, ops...); err != nil {
		return fmt.Errorf("storage: cannot read %s: %w", named(ops), err)
	}
	for i, d := range documents {
		if ops[i].Value == nil {
			continue
		}
		if err := decode(ops[i].Value, d.Into); err != nil {
			return fmt.Errorf("storage: checkpoint %q: %w", d.Key, err)
		}
		d.Found = true
	}
	return nil
}

func decode(content []byte, into any) error {
	var e envelope
	if err := json.Unmarshal(content, &e); err != nil || e.Version < 1 || len(e.Document) == 0 {
		return ErrUnknown
	}
	if e.Version > version {
		return fmt.Errorf("it has version %d: %w", e.Version, ErrNewer)
	}
	if err := json.Unmarshal(e.Document, into); err != nil {
		return ErrUnknown
	}
	return nil
}

// named names what operations are about.
func named(ops []*storage.Operation) string {
	if len(ops) == 1 {
		return fmt.Sprintf("the checkpoint %q", ops[0].Key)
	}
	return fmt.Sprintf("the checkpoint %q and %d others", ops[0].Key, len(ops)-1)
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

// Delete removes the documents that are there, all or none of them.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	ops := make([]*storage.Operation, len(keys))
	for i, key := range keys {
		ops[i] = storage.DeleteOperation(key)
	}
	if err := s.client.Batch(ctx, ops...); err != nil {
		return fmt.Errorf("storage: cannot delete %s: %w", named(ops), err)
	}
	return nil
}

// Close closes the client of the storage.
func (s *Store) Close(ctx context.Context) error { return s.client.Close(ctx) }
