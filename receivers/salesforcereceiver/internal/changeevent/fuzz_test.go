// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzDecode reads anything. What is read is bounded, and of the fields only what was
// asked for.
func FuzzDecode(f *testing.F) {
	s := account(f)
	f.Add(encode(f, s, headerWith(fields{"changedFields": []string{"0x20042", "4-0x02"}}), fields{"Name": "Acme", "Zendesk__Result__c": "ok"}))
	f.Add(encode(f, s, headerWith(fields{"changeType": "GAP_OVERFLOW", "recordIds": []string{}}), nil))
	f.Add(encode(f, s, headerWith(fields{"recordIds": []string{"001*"}, "changeType": "DELETE"}), fields{"Name": fields{"LastName": "Doe"}}))
	f.Fuzz(func(t *testing.T, payload []byte) {
		event, err := s.Decode(payload, "Zendesk__Result__c")
		if err != nil {
			require.Equal(t, Event{}, event)
			return
		}
		require.NotEmpty(t, event.Type)
		require.LessOrEqual(t, len(event.RecordIDs), maxRecords)
		for _, text := range append(event.RecordIDs, event.Entity, event.Origin, event.TransactionKey, event.CommitUser) {
			require.LessOrEqual(t, len(text), maxWord)
			require.True(t, utf8.ValidString(text))
		}
		for name, value := range event.Values {
			require.Equal(t, "Zendesk__Result__c", name)
			require.LessOrEqual(t, len(value), maxValue)
		}
	})
}

// FuzzSchema takes any text for a schema, and any bytes for an event of it.
func FuzzSchema(f *testing.F) {
	f.Add(accountText(f), []byte{0})
	f.Add(`{"type":"record","name":"E","fields":[{"name":"ChangeEventHeader","type":{"type":"record","name":"H","fields":[{"name":"next","type":["null","H"]}]}}]}`, []byte{2, 2, 2, 0})
	f.Add(`{"type":"record","name":"E","fields":[{"name":"ChangeEventHeader","type":{"type":"array","items":"null"}}]}`, []byte{254, 255, 255, 255, 15})
	f.Fuzz(func(t *testing.T, text string, payload []byte) {
		s, err := NewSchema(text)
		if err != nil {
			return
		}
		_, _ = s.Decode(payload, "Name")
		names, _ := s.changed([]string{"0x" + strings.Repeat("F", 64), "1-0xFF"})
		require.LessOrEqual(t, len(names), 2*maxFields)
	})
}
