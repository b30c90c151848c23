// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package writebehind // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/writebehind"

import (
	"bytes"

	"go.opentelemetry.io/collector/extension/xextension/storage"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
)

// pending are the writes that wait for the next transaction. Losing them costs no
// item: metadata follow from the items, and an item whose deletion is lost is sent
// once more.
type pending struct {
	metadata []byte
	deletes  map[uint64]struct{}
	// copies are the items that go into quarantine. Each is among deletes as well, and
	// both happen in one transaction.
	copies []*storage.Operation
}

func (p *pending) setMetadata(value []byte) { p.metadata = bytes.Clone(value) }

func (p *pending) deleteItem(index uint64) {
	if p.deletes == nil {
		p.deletes = make(map[uint64]struct{})
	}
	p.deletes[index] = struct{}{}
}

func (p *pending) moveItem(index uint64, to string, value []byte) {
	p.copies = append(p.copies, storage.SetOperation(to, value))
	p.deleteItem(index)
}

func (p *pending) deleted(index uint64) bool {
	_, ok := p.deletes[index]
	return ok
}

func (p *pending) len() int {
	n := len(p.deletes) + len(p.copies)
	if p.metadata != nil {
		n++
	}
	return n
}

// operations are the writes in an order that makes no difference.
func (p *pending) operations() []*storage.Operation {
	ops := make([]*storage.Operation, 0, p.len())
	for index := range p.deletes {
		ops = append(ops, storage.DeleteOperation(item.Key(index)))
	}
	ops = append(ops, p.copies...)
	if p.metadata != nil {
		ops = append(ops, storage.SetOperation(queuemeta.Key, p.metadata))
	}
	return ops
}

func (p *pending) clear() {
	p.metadata, p.copies = nil, nil
	clear(p.deletes)
}
