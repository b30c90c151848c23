// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package table

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestWrite(t *testing.T) {
	var text strings.Builder
	Write(&text, []Row{
		{Phases: 1, Program: "a", Fault: "none", Load: 100, Acknowledged: 10, Stored: 10, Answer: 20 * time.Millisecond, Visible: 1500 * time.Millisecond, Memory: 100 << 20},
		{Phases: 1, Program: "a", Fault: "none", Load: 50, Acknowledged: 1, Stored: 1, Answer: 10 * time.Millisecond, Visible: time.Second},
		{Phases: 1, Program: "b", Fault: "x", Load: 50, Acknowledged: 5, Stored: 1, SetAside: 1, Missing: 2, Doubled: 3, Altered: 4, Answer: time.Second, Memory: 200 << 20},
	})
	assert.Equal(t, `| program | fault | phases | records/s | acknowledged | stored | in damaged files | missing | doubled | altered | worst answer | worst until visible | peak memory |
|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|
| a | none | 2 | 75 | 11 | 11 | 0 | 0 | 0 | 0 | 20 ms | 1.5 s | 100 MiB |
| b | x | 1 | 50 | 5 | 1 | 1 | 2 | 3 | 4 | 1.0 s | 0 ms | 200 MiB |
| **all** |  | 3 | 67 | 16 | 12 | 1 | 2 | 3 | 4 | 1.0 s | 1.5 s | 200 MiB |
`, text.String())
}
