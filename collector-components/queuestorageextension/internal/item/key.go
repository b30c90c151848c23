// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package item knows what one stored item of an exporter's sending queue looks
// like: its key, its checksum, its size, and whether the queue can decode it.
package item // import "github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"

import (
	"strconv"
	"strings"
	"time"
)

// MaxIndex bounds the indexes that are handed to a queue. A key beyond it can only
// come from damage; the queue would overflow when it counts on from there.
const MaxIndex = uint64(1) << 62

// quarantinePrefix begins the keys of items that no queue can decode.
const quarantinePrefix = "quarantine/"

// Key is the storage key of the item with that index, as the queue writes it.
func Key(index uint64) string {
	return strconv.FormatUint(index, 10)
}

// ParseKey returns the index that a key stands for, and false for keys that are not
// exactly what [Key] writes.
func ParseKey(key string) (uint64, bool) {
	if key == "" || key[0] < '0' || key[0] > '9' {
		return 0, false
	}
	index, err := strconv.ParseUint(key, 10, 64)
	if err != nil || (key[0] == '0' && len(key) > 1) {
		return 0, false
	}
	return index, true
}

// QuarantineKey is the key under which an undecodable item is kept. The time makes
// it unique: an index can come back after the queue was empty.
func QuarantineKey(index uint64, now time.Time) string {
	return quarantinePrefix + Key(index) + "/" + now.UTC().Format("20060102T150405.000000000Z")
}

// IsQuarantined tells whether the key is one of [QuarantineKey].
func IsQuarantined(key string) bool {
	return strings.HasPrefix(key, quarantinePrefix)
}
