// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkParseInvocations reads a full page.
func BenchmarkParseInvocations(b *testing.B) {
	var rows []string
	for i := range pageSize {
		rows = append(rows, fmt.Sprintf(`{"id":"01JDINVOCATION%012d","status_code":200,"status":"success","latest_completed_at":"2026-11-26T11:%02d:%02dZ"}`, i, i/60, i%60))
	}
	content := []byte(`{"meta":{"has_more":true,"after_cursor":"MDFIQTRF"},"invocations":[` + strings.Join(rows, ",") + "]}")
	b.ReportAllocs()
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		page, err := parseInvocations(content)
		if err != nil || len(page.Items) != pageSize {
			b.Fatal(err)
		}
	}
}
