// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/avro"
)

var committed = time.Date(2026, 11, 26, 10, 20, 30, 456000000, time.UTC)

// decode reads a payload with another library than the one that wrote it, from the
// schema as text.
func decode(t *testing.T, schema *Schema, payload []byte) (header, record map[string]any) {
	t.Helper()
	parsed, err := avro.Parse(schema.JSON)
	require.NoError(t, err)
	var value any
	rest, err := parsed.Decode(payload, &value)
	require.NoError(t, err)
	require.Empty(t, rest)
	record, ok := value.(map[string]any)
	require.True(t, ok)
	header, ok = record["ChangeEventHeader"].(map[string]any)
	require.True(t, ok)
	return header, record
}

func encode(t *testing.T, schema *Schema, change Change) (header, record map[string]any) {
	t.Helper()
	payload, err := schema.Encode(change)
	require.NoError(t, err)
	return decode(t, schema, payload)
}

func TestAnUpdateAsAnotherLibraryReadsIt(t *testing.T) {
	header, record := encode(t, Account, Change{
		Type:      Update,
		RecordIDs: []string{"001D000000KnaXjIAJ", "001D000000KnaXkIAJ"},
		Fields: map[string]any{
			"Name": "Acme", "BillingAddress.City": "Paris", "BillingAddress.Latitude": 48.85,
			"ShippingAddress.Country": "France", "AnnualRevenue": 12.5, "NumberOfEmployees": 7, "Phone": nil,
		},
		Enriched:       map[string]any{"AccountNumber": "A-1"},
		CommitUser:     "0055c000003BHHXAA4",
		ChangeOrigin:   Origin("rest", "67.0", "Zendesk"),
		CommitTime:     committed,
		TransactionKey: "0002343d-9d90-e395-ed20-cf416ba652ad",
		SequenceNumber: 3,
		CommitNumber:   10_735_189_654_345_678,
	})
	assert.Equal(t, map[string]any{
		"entityName": "Account", "recordIds": []any{"001D000000KnaXjIAJ", "001D000000KnaXkIAJ"}, "changeType": "UPDATE",
		"changeOrigin": "com/salesforce/api/rest/67.0;client=Zendesk", "transactionKey": "0002343d-9d90-e395-ed20-cf416ba652ad",
		"sequenceNumber": int32(3), "commitTimestamp": committed.UnixMilli(), "commitNumber": int64(10_735_189_654_345_678),
		"commitUser": "0055c000003BHHXAA4", "diffFields": []any{}, "nulledFields": []any{"0x40"},
		// Name 1, Phone 6, AnnualRevenue 12, NumberOfEmployees 13, LastModifiedDate 22.
		"changedFields": []any{"0x403042", "4-0x82", "5-0x10"},
	}, header)
	assert.Equal(t, "Acme", record["Name"])
	assert.InDelta(t, 12.5, record["AnnualRevenue"], 0)
	assert.Equal(t, int32(7), record["NumberOfEmployees"])
	assert.Equal(t, committed.UnixMilli(), record["LastModifiedDate"])
	assert.Equal(t, "A-1", record["AccountNumber"])
	assert.Nil(t, record["Phone"])
	assert.Nil(t, record["Website"])
	billing, ok := record["BillingAddress"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "Paris", billing["City"])
	assert.InDelta(t, 48.85, billing["Latitude"], 0)
	assert.Nil(t, billing["Street"])
	shipping, ok := record["ShippingAddress"].(map[string]any)
	require.True(t, ok)
	assert.Equal(t, "France", shipping["Country"])
}

func TestBitmapsAreThoseOfSalesforcesExample(t *testing.T) {
	// https://developer.salesforce.com/docs/platform/pub-sub-api/guide/event-deserialization-considerations.html
	header, _ := encode(t, Account, Change{
		Type: Update, Fields: map[string]any{"Description": "@@ -1 +1 @@\n-a\n+b\n"}, Diffs: []string{"Description"}, CommitTime: committed,
	})
	assert.Equal(t, []any{"0x010000"}, header["diffFields"])
	assert.Equal(t, []any{"0x410000"}, header["changedFields"])
	assert.Equal(t, []any{}, header["nulledFields"])
}

func TestACompoundOfWhichNothingIsLeft(t *testing.T) {
	fields := map[string]any{"Name.Salutation": nil, "Name.FirstName": nil, "Name.LastName": nil, "Address.City": nil}
	header, record := encode(t, Lead, Change{Type: Update, Fields: fields, CommitTime: committed, UntouchedDates: true})
	assert.Equal(t, []any{"0x02", "4-0x02"}, header["nulledFields"])
	assert.Equal(t, []any{"1-0x07", "4-0x02"}, header["changedFields"])
	assert.Nil(t, record["Name"])
	assert.Nil(t, record["LastModifiedDate"])
}

func TestNamesOfCompaniesAndOfPersons(t *testing.T) {
	_, company := encode(t, Account, Change{Type: Create, Fields: map[string]any{"Name": "Acme"}, CommitTime: committed})
	assert.Equal(t, "Acme", company["Name"])
	header, person := encode(t, Account, Change{Type: Create, Fields: map[string]any{"Name.LastName": "Lovelace"}, CommitTime: committed})
	assert.Equal(t, map[string]any{"Salutation": nil, "FirstName": nil, "LastName": "Lovelace"}, person["Name"])
	assert.Empty(t, header["changedFields"])
	_, contact := encode(t, Contact, Change{Type: Create, Fields: map[string]any{"Name.FirstName": "Ada", "DoNotCall": true}, CommitTime: committed})
	assert.Equal(t, true, contact["DoNotCall"])
}

func TestEventsWithAHeaderOnly(t *testing.T) {
	for _, changeType := range []Type{Delete, GapCreate, GapUpdate, GapDelete, GapUndelete, GapOverflow} {
		header, record := encode(t, Case, Change{Type: changeType, Fields: map[string]any{"Subject": "Help"}, CommitTime: committed})
		assert.Equal(t, string(changeType), header["changeType"])
		assert.Empty(t, header["changedFields"])
		assert.Empty(t, header["recordIds"])
		delete(record, "ChangeEventHeader")
		for name, value := range record {
			assert.Nil(t, value, name)
		}
	}
	_, record := encode(t, Case, Change{Type: Delete, Enriched: map[string]any{"Zendesk_Ticket_Id__c": "17"}, CommitTime: committed})
	assert.Equal(t, "17", record["Zendesk_Ticket_Id__c"])
}

func TestSchemas(t *testing.T) {
	ids := map[string]bool{}
	for _, schema := range []*Schema{Account, Contact, Lead, Case, NewSchema("Thing__c", Field{"Name", Text})} {
		var parsed struct {
			Name string `json:"name"`
			UUID string `json:"uuid"`
		}
		require.NoError(t, json.Unmarshal([]byte(schema.JSON), &parsed))
		assert.Equal(t, "/data/"+parsed.Name, schema.Topic())
		assert.Equal(t, schema.ID, parsed.UUID)
		ids[schema.ID] = true
	}
	assert.Len(t, ids, 5)
	assert.Equal(t, "/data/Thing__ChangeEvent", NewSchema("Thing__c").Topic())
	more := Account.With(Field{"Tier__c", Text})
	assert.NotEqual(t, Account.ID, more.ID)
	header, record := encode(t, more, Change{Type: Update, Fields: map[string]any{"Tier__c": "gold"}, CommitTime: committed, UntouchedDates: true})
	assert.Equal(t, "gold", record["Tier__c"])
	assert.Equal(t, []any{"0x08000000"}, header["changedFields"])
	assert.Panics(t, func() { NewSchema("Broken", Field{"no name", Text}) })
}

func TestAHeaderThatMakesNoSense(t *testing.T) {
	header, _ := encode(t, Account, Change{Type: Update, CommitTime: committed, Edit: func(header map[string]any) {
		header["changedFields"] = []any{"0xZZ", "99-0x01"}
	}})
	assert.Equal(t, []any{"0xZZ", "99-0x01"}, header["changedFields"])
}

func TestChangesThatCannotBe(t *testing.T) {
	for name, change := range map[string]Change{
		"unknown field":        {Type: Create, Fields: map[string]any{"Nothing": "x"}},
		"unknown changed":      {Type: Update, Fields: map[string]any{"Nothing": nil}},
		"unknown part":         {Type: Create, Fields: map[string]any{"BillingAddress.Planet": "x"}},
		"unknown part changed": {Type: Update, Fields: map[string]any{"BillingAddress.Planet": "x"}},
		"unknown diff":         {Type: Update, Diffs: []string{"Nothing"}},
		"wrong type":           {Type: Create, Fields: map[string]any{"Phone": 17}},
	} {
		_, err := Account.Encode(change)
		assert.Error(t, err, name)
	}
}

func BenchmarkEncode(b *testing.B) {
	change := Change{Type: Update, RecordIDs: []string{"500D000000KnaXjIAJ"}, Fields: map[string]any{"Status": "Closed"}, CommitTime: committed}
	for b.Loop() {
		if _, err := Case.Encode(change); err != nil {
			b.Fatal(err)
		}
	}
}
