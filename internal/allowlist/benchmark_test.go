// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
)

// BenchmarkObject reads little of a body that has a lot more.
func BenchmarkObject(b *testing.B) {
	ignored := `"line_items":[` + strings.Repeat(`{"id":1,"title":"a \"thing\"","price":"1.00","taxes":[{"rate":0.1}]},`, 40) + `null]`
	for name, body := range map[string]string{
		"small": `{"id":820982911946154508,"text":"#1001","user":{"id":1}}`,
		"large": `{"id":820982911946154508,` + ignored + `,"text":"#1001","user":{"id":1}}`,
		"list":  `{"list":[` + strings.Repeat(`{"id":1},`, 100) + `null]}`,
	} {
		b.Run(name, func(b *testing.B) {
			text := []byte(body)
			keeper := keepFunc(func(Field, jsontext.Value) {})
			b.ReportAllocs()
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if err := Object(text, allowed, keeper); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
