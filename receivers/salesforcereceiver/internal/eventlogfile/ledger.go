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
	maxLedger = maxPages * pageKeys
	maxPages  = 100
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

// loadLedgers returns the ledgers of files. All are read in one call of the store, as many
// files may be about one period.
func loadLedgers(ctx context.Context, store Store, fileIDs []string) ([]*ledger, error) {
	if len(fileIDs) == 0 {
		return nil, nil
	}
	pages := make([]document, len(fileIDs)*maxPages)
	asked := make([]*checkpoint.Document, len(pages))
	for i := range pages {
		asked[i] = &checkpoint.Document{Key: ledgerKey(fileIDs[i/maxPages], i%maxPages), Into: &pages[i]}
	}
	if err := store.LoadAll(ctx, asked...); err != nil {
		return nil, pull.Permanent(err)
	}
	var behind []string
	ledgers := make([]*ledger, len(fileIDs))
	for i, id := range fileIDs {
		l, keys, err := join(id, pages[i*maxPages:(i+1)*maxPages])
		if err != nil {
			return nil, err
		}
		ledgers[i], behind = l, append(behind, keys...)
	}
	if len(behind) == 0 {
		return ledgers, nil
	}
	return ledgers, store.Delete(ctx, behind...)
}

// join makes a ledger of its pages, up to the first that is not full. Where a page was
// damaged, those behind it would be taken for the next that are written; they are returned.
func join(fileID string, pages []document) (l *ledger, behind []string, err error) {
	l = &ledger{fileID: fileID}
	for page, d := range pages {
		switch {
		case len(d.Keys)%short != 0 || len(d.Keys) > pageSize:
			return nil, nil, pull.Permanent(fmt.Errorf("the ledger of event log file %s: %w", fileID, checkpoint.ErrUnknown))
		case len(d.Keys) == 0:
		case len(l.keys) == page*pageSize:
			l.keys = append(l.keys, d.Keys...)
		default:
			behind = append(behind, ledgerKey(fileID, page))
		}
	}
	l.saved = len(l.keys)
	return l, behind, nil
}

// deleteLedgers forgets what was delivered of files.
func deleteLedgers(ctx context.Context, store Store, fileIDs []string) error {
	if len(fileIDs) == 0 {
		return nil
	}
	keys := make([]string, 0, len(fileIDs)*maxPages)
	for _, id := range fileIDs {
		for page := range maxPages {
			keys = append(keys, ledgerKey(id, page))
		}
	}
	return store.Delete(ctx, keys...)
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
