// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package recovery

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/item"
	"github.com/integrationlog/integrationlog/collector-components/queuestorageextension/internal/queuemeta"
)

// Whatever lies in the storage of a queue, an item is counted as one, and damaged metadata are
// no error.
func FuzzScan(f *testing.F) {
	f.Add("0", []byte("an item"))
	f.Add("18446744073709551615", []byte{0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add(queuemeta.Key, []byte{0xff})
	f.Add(queuemeta.LegacyKeys[0], []byte("7"))
	f.Add("-1", []byte(nil))
	f.Fuzz(func(t *testing.T, key string, value []byte) {
		found := &inventory{}
		found.add("logs", key, value)
		_, isItem := item.ParseKey(key)
		assert.Equal(t, isItem, len(found.items) == 1)
		if isItem {
			assert.Positive(t, found.items[0].size)
			assert.GreaterOrEqual(t, found.total.Bytes, int64(0))
			assert.GreaterOrEqual(t, found.total.Records, int64(0))
		}
	})
}
