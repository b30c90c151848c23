// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

func TestPositionsAreReadAsTheyWereWritten(t *testing.T) {
	for _, id := range []string{"", "a", strings.Repeat("é", 100), "\n/?&=", strings.Repeat("\U0010FFFF", 64)} {
		entry := newRecord(map[string]string{"product": "zis"}, lokiapi.Entry{Time: time.Now().UnixNano(), Line: "x", Metadata: map[string]string{idName: id}})
		position := entry.position()
		assert.Equal(t, url.QueryEscape(string(position)), string(position))
		got, err := parsePosition(position)
		require.NoError(t, err)
		assert.Equal(t, entry.key, got)
	}
}

func TestWhatIsNoPosition(t *testing.T) {
	reader := (&fake{}).reader(t)
	for _, position := range []activities.Position{"x", "AAAA", "!", activities.Position(strings.Repeat("_", 32))} {
		_, err := reader.Page(t.Context(), filterOfDay(), activities.Slice{Limit: 10, Older: position})
		require.ErrorIs(t, err, activities.ErrPosition)
		_, _, err = reader.Activity(t.Context(), position)
		require.ErrorIs(t, err, activities.ErrPosition)
	}
}

func FuzzPosition(f *testing.F) {
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAYQ")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := parsePosition(activities.Position(text))
		if err != nil {
			require.ErrorIs(t, err, activities.ErrPosition)
			return
		}
		require.Equal(t, text, string(k.position()), "there is one way to write it")
	})
}

func TestPartsOfRecordsDoNotRunIntoEachOther(t *testing.T) {
	digests := map[[digestSize]byte]bool{}
	for _, attributes := range []map[string]string{{"a": "bc"}, {"ab": "c"}, {"a": "b", "c": ""}, {"a": "b"}, {}} {
		for _, line := range []string{"", "a", "abc"} {
			digests[digest(attributes, line)] = true
		}
	}
	assert.Len(t, digests, 15)
}

func TestCopiesInShardsAreOne(t *testing.T) {
	c := &collector{direction: backward, want: 10}
	for _, shard := range []string{"1", "2"} {
		c.add([]record{newRecord(map[string]string{"product": "zis", "__time_shard__": shard}, lokiapi.Entry{Time: 1, Line: "x"})})
	}
	require.Len(t, c.records, 1)
	assert.Equal(t, map[string]string{"product": "zis"}, c.records[0].attributes)
}
