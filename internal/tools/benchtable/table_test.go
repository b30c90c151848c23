// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strings"
	"testing"
)

const written = `goos: linux
pkg: example.com/some/intake
BenchmarkIntake/shopify/bare-2      	 100	 20000 ns/op	  10 allocs/op
BenchmarkIntake/shopify/receiver-2  	 100	 90000 ns/op	  40 allocs/op
BenchmarkIntake/shopify/receiver-2  	 100	 30000 ns/op	  40 allocs/op
BenchmarkIntake/shopify/receiver-2  	 100	 40000 ns/op	  40 allocs/op
BenchmarkIntake/zis/bare-2          	 100	 10000 ns/op	   0 allocs/op
    some_test.go:1: something else
BenchmarkIntake/zis/receiver-2      	 100	 15000 ns/op	   3 allocs/op	 7 records/s
BenchmarkAlone-2                    	 100	 2.5 MB/s
BenchmarkIdle/none-2                	   1	   0 cpu-ns/s
BenchmarkIdle/some-2                	   1	   5000000 cpu-ns/s
PASS
`

const wanted = `
### intake: Intake

| | sec/op | allocs/op | records/s |
|---|---|---|---|
| shopify/bare | 20.00µ | 10.00 |  |
| shopify/receiver | 40.00µ (2) | 40.00 (4) |  |
| zis/bare | 10.00µ | 0.000 |  |
| zis/receiver | 15.00µ (1.5) | 3.000 | 7.000 |

### intake: Alone

| | B/s |
|---|---|
|  | 2.384Mi |

### intake: Idle

| | cpu-sec/s |
|---|---|
| none | 0.000 |
| some | 5.000m |
`

func TestRun(t *testing.T) {
	var out, progress strings.Builder
	if err := run(strings.NewReader(written), &out, &progress); err != nil {
		t.Fatal(err)
	}
	if out.String() != wanted {
		t.Errorf("got %s", out.String())
	}
	if progress.String() != written {
		t.Errorf("passed on %s", progress.String())
	}
}
