// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func accountText(tb testing.TB) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "account.avsc"))
	require.NoError(tb, err)
	return string(text)
}

func account(tb testing.TB) *Schema {
	tb.Helper()
	schema, err := NewSchema(accountText(tb))
	require.NoError(tb, err)
	return schema
}

type fields = map[string]any

// headerWith is a header with some of its fields changed.
func headerWith(changes fields) fields {
	all := fields{
		"entityName": "Account", "recordIds": []string{"0015g00000AbCdEAAV"}, "changeType": "UPDATE",
		"changeOrigin": "com/salesforce/api/soap/67.0;client=SfdcInternalAPI/", "transactionKey": "000b3b6e-0000-4000-8000-000000000001",
		"sequenceNumber": 1, "commitTimestamp": int64(1795600801237), "commitNumber": int64(9007199254740993),
		"commitUser": "0055g000001AbCdAAK", "nulledFields": []string{}, "diffFields": []string{}, "changedFields": []string{},
	}
	maps.Copy(all, changes)
	return all
}

func encode(tb testing.TB, schema *Schema, header, values fields) []byte {
	tb.Helper()
	record := fields{"ChangeEventHeader": header}
	maps.Copy(record, values)
	payload, err := schema.avro.Encode(record)
	require.NoError(tb, err)
	return payload
}
