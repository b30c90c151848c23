// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
	"strings"
	"sync"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
)

// AllChanges is the channel on which the changes of every selected object are.
const AllChanges = "/data/ChangeEvents"

// bus keeps the events in the order in which they were published, and who may have
// which. Every change of it wakes whoever waits for one.
type bus struct {
	mu      sync.Mutex
	changed chan struct{}

	topics  map[string]*topic
	schemas map[string]*changeevent.Schema
	events  []event
	// tip is the newest replay id that was given out, whether or not to an event.
	tip uint64
	// forgotten is the newest replay id that is out of retention.
	forgotten uint64
	issued    map[uint64]struct{}
}

type topic struct {
	schema *changeevent.Schema
	// members are the topics whose events a channel carries; nil of a topic of its own.
	members   []string
	forbidden bool
	silent    bool
}

// event is one on the bus.
type event struct {
	topic    string
	replay   uint64
	consumer *pubsubapi.ConsumerEvent
}

func newBus() *bus {
	b := &bus{
		changed: make(chan struct{}),
		topics:  map[string]*topic{AllChanges: {}},
		schemas: map[string]*changeevent.Schema{},
		issued:  map[uint64]struct{}{},
		tip:     1_000_000,
	}
	b.issued[b.tip] = struct{}{}
	return b
}

// update changes something, and wakes everyone.
func (b *bus) update(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
	close(b.changed)
	b.changed = make(chan struct{})
}

// topic returns a topic, or nil. It wants the lock.
func (b *bus) topic(name string) *topic { return b.topics[name] }

// carries tells whether events of a topic are on a channel, or on the topic itself.
func (b *bus) carries(channel, topicName string) bool {
	if channel == topicName {
		return true
	}
	if channel == AllChanges {
		return strings.HasSuffix(topicName, "ChangeEvent")
	}
	return slices.Contains(b.topics[channel].members, topicName)
}

// advance gives out a replay id. They grow, and not by one.
func (b *bus) advance() uint64 {
	b.tip += 1 + b.tip%7
	b.issued[b.tip] = struct{}{}
	return b.tip
}

// publish puts an event on the bus.
func (b *bus) publish(topicName, id, schemaID string, payload []byte) []byte {
	if id == "" {
		id = strings.ToLower(rand.Text())
	}
	var replayID []byte
	b.update(func() {
		replay := b.advance()
		replayID = replayBytes(replay)
		b.events = append(b.events, event{topicName, replay, &pubsubapi.ConsumerEvent{
			Event:    &pubsubapi.ProducerEvent{Id: id, SchemaId: schemaID, Payload: payload},
			ReplayId: replayID,
		}})
	})
	return replayID
}

// next returns up to limit events of a channel after a replay id, and how far it
// looked.
func (b *bus) next(channel string, after uint64, limit int) (found []*pubsubapi.ConsumerEvent, through uint64) {
	begin, _ := slices.BinarySearchFunc(b.events, after+1, func(e event, replay uint64) int {
		return int(int64(e.replay) - int64(replay)) //nolint:gosec // replay ids are small
	})
	through = max(after, b.forgotten)
	for _, e := range b.events[begin:] {
		if len(found) == limit {
			return found, through
		}
		if b.carries(channel, e.topic) {
			found = append(found, e.consumer)
		}
		through = e.replay
	}
	return found, max(through, b.tip)
}

// replayBytes is a replay id as it goes over the wire: opaque, ten bytes.
func replayBytes(replay uint64) []byte {
	id := binary.BigEndian.AppendUint64(nil, replay)
	return append(id, 0, 0)
}

// replayNumber reads a replay id, if it is one that was given out and is not out of
// retention.
func (b *bus) replayNumber(id []byte) (uint64, bool) {
	if len(id) != 10 || id[8] != 0 || id[9] != 0 {
		return 0, false
	}
	replay := binary.BigEndian.Uint64(id)
	_, issued := b.issued[replay]
	return replay, issued && replay > b.forgotten
}
