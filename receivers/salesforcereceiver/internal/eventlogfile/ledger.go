// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"fmt"
	"strconv"

	"github.com/integrationlog/integrationlog/internal/checkpoint"
	"github.com/integrationlog/integrationlog/internal/pull"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
)

const (
	// short is how much of a key is remembered: 96 bits are enough to tell rows apart.
	short = 12
	// pageKeys is how many keys are kept in one document, so that little is written with
	// each batch, however many keys there are.
	pageKeys = 2000
	pageSize = pageKeys * short
	// maxLedger bounds the keys of one file. Of a file with more calls that failed, those
	// beyond could come again if the file is replaced or has to be read again.
	maxLedger = 200_000
)

// ledgerKey is the key of a page of a file's ledger.
func ledgerKey(fileID string, page int) string {
	return "event_log_file/" + fileID + "/" + strconv.Itoa(page)
}

type shortKey [short]byte

func shorten(key callrow.Key) shortKey { return shortKey(key[:short]) }

// ledger holds the keys of what was delivered of one file, in order, equal ones as often as
// they were.
type ledger struct {
	fileID string
	keys   []byte
	// saved is how much of the keys is in the store.
	saved int
}

// document is how a page of a ledger is stored. All pages but the last one are full.
type document struct {
	Keys []byte `json:"keys"`
}

func loadLedger(ctx context.Context, store Store, fileID string) (*ledger, error) {
	l := &ledger{fileID: fileID}
	for page := 0; len(l.keys) == page*pageSize; page++ {
		var d document
		if _, err := store.Load(ctx, ledgerKey(fileID, page), &d); err != nil {
			return nil, pull.Permanent(err)
		}
		if len(d.Keys)%short != 0 || len(d.Keys) > pageSize {
			return nil, pull.Permanent(fmt.Errorf("the ledger of event log file %s: %w", fileID, checkpoint.ErrUnknown))
		}
		if len(d.Keys) == 0 {
			break
		}
		l.keys = append(l.keys, d.Keys...)
	}
	l.saved = len(l.keys)
	// Where a page was damaged, those behind it would be taken for the next that are written.
	return l, deletePages(ctx, store, fileID, len(l.keys)/pageSize+1)
}

// deleteLedger forgets what was delivered of a file.
func deleteLedger(ctx context.Context, store Store, fileID string) error {
	return deletePages(ctx, store, fileID, 0)
}

// deletePages deletes a ledger from a page on, beginning at its end: what is left where that
// fails is found again. Pages between may be missing, because they were damaged.
func deletePages(ctx context.Context, store Store, fileID string, first int) error {
	for page := maxLedger/pageKeys - 1; page >= first; page-- {
		found, err := store.Load(ctx, ledgerKey(fileID, page), &document{})
		if err != nil {
			return pull.Permanent(err)
		}
		if !found {
			continue
		}
		if err := store.Delete(ctx, ledgerKey(fileID, page)); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) add(key shortKey) {
	if len(l.keys) < maxLedger*short {
		l.keys = append(l.keys, key[:]...)
	}
}

// counts adds how often each key is there.
func (l *ledger) counts(into map[shortKey]int) {
	for rest := l.keys; len(rest) > 0; rest = rest[short:] {
		into[shortKey(rest[:short])]++
	}
}

// save saves the pages that have grown.
func (l *ledger) save(ctx context.Context, store Store) error {
	for l.saved < len(l.keys) {
		page := l.saved / pageSize
		end := min(len(l.keys), (page+1)*pageSize)
		if err := store.Save(ctx, ledgerKey(l.fileID, page), document{Keys: l.keys[page*pageSize : end]}); err != nil {
			return err
		}
		l.saved = end
	}
	return nil
}
