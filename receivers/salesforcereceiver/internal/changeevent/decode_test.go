// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDecode(t *testing.T) {
	s := account(t)
	payload := encode(t, s, headerWith(fields{"changedFields": []string{"0x20042", "4-0x02", "5-0x01"}, "nulledFields": []string{"0x80"}}),
		fields{"Name": "Acme", "Phone": "+43 1 000", "BillingAddress": fields{"City": "Vienna"}, "LastModifiedDate": time.UnixMilli(1)})
	event, err := s.Decode(payload)
	require.NoError(t, err)
	require.Equal(t, Event{
		Entity: "Account", RecordIDs: []string{"0015g00000AbCdEAAV"}, Type: Update,
		Origin:         "com/salesforce/api/soap/67.0;client=SfdcInternalAPI/",
		TransactionKey: "000b3b6e-0000-4000-8000-000000000001", SequenceNumber: 1,
		CommitTime: time.UnixMilli(1795600801237).UTC(), CommitNumber: 9007199254740993, CommitUser: "0055g000001AbCdAAK",
		// ShippingAddress only names the record that BillingAddress writes out.
		Changed: []string{"Name", "BillingAddress.City", "ShippingAddress.Street", "Phone", "Fax", "LastModifiedDate"},
	}, event)
}

func TestValuesOnlyOfNamedFields(t *testing.T) {
	s := account(t)
	payload := encode(t, s, headerWith(fields{"changedFields": []string{"0x180000"}}), fields{
		"Name": fields{"FirstName": "Jane", "LastName": "Doe"}, "Zendesk__Last_Sync_Status__c": "Failed", "Zendesk__Result__c": strings.Repeat("x", 2*maxValue),
		"AnnualRevenue": 1.5, "NumberOfEmployees": 7, "IsActive__c": true, "LastModifiedDate": time.UnixMilli(1795600801237),
	})
	event, err := s.Decode(payload, "Zendesk__Last_Sync_Status__c", "Zendesk__Result__c", "Name", "AnnualRevenue", "NumberOfEmployees", "IsActive__c",
		"LastModifiedDate", "Phone", "NotThere__c")
	require.NoError(t, err)
	require.Len(t, event.Values["Zendesk__Result__c"], maxValue)
	delete(event.Values, "Zendesk__Result__c")
	require.Equal(t, map[string]string{
		"Zendesk__Last_Sync_Status__c": "Failed", "AnnualRevenue": "1.5", "NumberOfEmployees": "7", "IsActive__c": "true",
		"LastModifiedDate": "2026-11-25T10:00:01.237Z",
	}, event.Values)

	event, err = s.Decode(payload, "NotThere__c")
	require.NoError(t, err)
	require.Nil(t, event.Values)
}

// TestIncomplete: where it is not known what changed, the event says so.
func TestIncomplete(t *testing.T) {
	s := account(t)
	tests := map[string]struct {
		header     fields
		incomplete bool
	}{
		"a field":                      {fields{"changedFields": []string{"0x02"}}, false},
		"no field of an update":        {fields{}, true},
		"a field that is not here":     {fields{"changedFields": []string{"0x02000002"}}, true},
		"a creation":                   {fields{"changeType": "CREATE"}, false},
		"a gap":                        {fields{"changeType": "GAP_UPDATE"}, true},
		"an overflow without a record": {fields{"changeType": "GAP_OVERFLOW", "recordIds": []string{}}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			event, err := s.Decode(encode(t, s, headerWith(test.header), nil), "Zendesk__Result__c")
			require.NoError(t, err)
			require.Equal(t, test.incomplete, event.Incomplete)
		})
	}
}

func TestNotAnEvent(t *testing.T) {
	s := account(t)
	whole := encode(t, s, headerWith(nil), fields{"Name": "Acme"})
	for i := range whole {
		_, err := s.Decode(whole[:i])
		require.ErrorIs(t, err, errPayload, "cut off after %d bytes", i)
	}
	_, err := s.Decode(encode(t, s, headerWith(fields{"recordIds": []string{""}}), nil))
	require.ErrorIs(t, err, errNoRecords)
	for _, id := range []string{"jane@example.com", "0015g00000AbCdEAA", "0015g00000AbCd-", "*1"} {
		_, err = s.Decode(encode(t, s, headerWith(fields{"recordIds": []string{id}}), nil))
		require.ErrorIs(t, err, errNoRecordID, id)
	}
	event, err := s.Decode(encode(t, s, headerWith(fields{"recordIds": []string{"001*", "0015g00000AbCdE", "*"}}), nil))
	require.NoError(t, err)
	require.Equal(t, []string{"001*", "0015g00000AbCdE", "*"}, event.RecordIDs)
	_, err = s.Decode(encode(t, s, headerWith(fields{"recordIds": make([]string, maxRecords+1)}), nil))
	require.ErrorIs(t, err, errTooManyRecords)
}

// Values of the header are bounded, and a time that cannot be is none.
func TestBoundedHeader(t *testing.T) {
	s := account(t)
	event, err := s.Decode(encode(t, s, headerWith(fields{"changeOrigin": strings.Repeat("ü", maxWord), "commitTimestamp": int64(-1)}), nil))
	require.NoError(t, err)
	require.LessOrEqual(t, len(event.Origin), maxWord)
	require.True(t, event.CommitTime.IsZero())
}

// The schemas of other objects lack fields, or have them nullable.
func TestOtherHeaders(t *testing.T) {
	s, err := NewSchema(`{"type":"record","name":"X__ChangeEvent","fields":[{"name":"ChangeEventHeader","type":{"type":"record","name":"H","fields":[
		{"name":"entityName","type":["null","string"]},{"name":"recordIds","type":{"type":"array","items":"string"}},{"name":"changeType","type":"string"},
		{"name":"sequenceNumber","type":"long"},{"name":"commitTimestamp","type":{"type":"long","logicalType":"timestamp-millis"}},{"name":"more","type":"bytes"}]}}]}`)
	require.NoError(t, err)
	payload, err := s.avro.Encode(fields{"ChangeEventHeader": fields{
		"entityName": nil, "recordIds": []string{"a005g00000AbCdE"}, "changeType": "DELETE", "sequenceNumber": 3, "commitTimestamp": time.UnixMilli(1795600801237), "more": []byte{1},
	}})
	require.NoError(t, err)
	event, err := s.Decode(payload)
	require.NoError(t, err)
	require.Equal(t, Event{RecordIDs: []string{"a005g00000AbCdE"}, Type: Delete, SequenceNumber: 3, CommitTime: time.UnixMilli(1795600801237).UTC()}, event)

	_, err = s.Decode([]byte{0, 0, 0, 0, 0, 0, 0})
	require.ErrorIs(t, err, errNoChangeType)
}

func TestBadSchemas(t *testing.T) {
	for name, text := range map[string]string{
		"not JSON":       "{",
		"empty":          "",
		"no record":      `"string"`,
		"platform event": `{"type":"record","name":"E","fields":[{"name":"CreatedDate","type":"long"},{"name":"ChangeEventHeader","type":"long"}]}`,
		"no fields":      `{"type":"record","name":"E","fields":[]}`,
		"too large":      strings.Repeat(" ", maxSchema+1),
		"too many":       `{"type":"record","name":"E","fields":[{"name":"ChangeEventHeader","type":"long"}` + manyFields() + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewSchema(text)
			require.Error(t, err)
		})
	}
	// A header that is none cannot be read, and does no harm.
	s, err := NewSchema(`{"type":"record","name":"E","fields":[{"name":"ChangeEventHeader","type":"long"}]}`)
	require.NoError(t, err)
	_, err = s.Decode([]byte{2})
	require.ErrorIs(t, err, errPayload)
}

func manyFields() string {
	var b strings.Builder
	for i := range maxFields {
		b.WriteString(`,{"name":"F` + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + strings.Repeat("y", i/182) + `","type":"long"}`)
	}
	return b.String()
}

func BenchmarkDecode(b *testing.B) {
	s := account(b)
	payload := encode(b, s, headerWith(fields{"changedFields": []string{"0x20042", "4-0x02"}}), fields{"Name": "Acme", "Phone": "+43 1 000", "Zendesk__Result__c": "ok"})
	for name, keep := range map[string][]string{"header": nil, "with values": {"Zendesk__Result__c"}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(payload)))
			for b.Loop() {
				if _, err := s.Decode(payload, keep...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
