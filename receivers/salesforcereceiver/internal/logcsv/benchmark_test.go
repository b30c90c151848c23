// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logcsv

import (
	"errors"
	"io"
	"strings"
	"testing"
)

func BenchmarkRows(b *testing.B) {
	row := `"RestApi","20261125101112.345","TID:1","00D5e0000000001","005000000000001","30","10","/services/data/v64.0/sobjects/Case","POST","400","F","` +
		`DUPLICATES_DETECTED: ""Use one of these records?""","Case","",""` + "\n"
	text := `"EVENT_TYPE","TIMESTAMP","REQUEST_ID","ORGANIZATION_ID","USER_ID","RUN_TIME","CPU_TIME","URI","METHOD","STATUS_CODE","REQUEST_STATUS",` +
		`"EXCEPTION_MESSAGE","ENTITY_NAME","QUERY","SESSION_KEY"` + "\n" + strings.Repeat(row, 4000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(strings.NewReader(text), "RestApi")
		for err == nil {
			err = r.Next()
		}
		if !errors.Is(err, io.EOF) || r.Rows() != 4000 || r.Broken() != 0 {
			b.Fatal(err, r.Rows(), r.Broken())
		}
	}
}
