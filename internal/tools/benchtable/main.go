// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Command benchtable reads what go test -bench writes, passes it on to the standard error,
// and at the end writes a table in Markdown for each benchmark to the standard output. A
// value is the median of all runs of a name. What differs in the last part of its name only
// is compared: in brackets is how many times the first one's value it is.
package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/perf/benchfmt"
)

func main() {
	if err := run(os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "benchtable:", err)
		os.Exit(1)
	}
}

func run(in io.Reader, out, progress io.Writer) error {
	reader := benchfmt.NewReader(io.TeeReader(in, progress), "")
	all := &tables{}
	for reader.Scan() {
		if result, ok := reader.Result().(*benchfmt.Result); ok {
			all.add(result)
		}
	}
	if err := reader.Err(); err != nil {
		return err
	}
	_, err := io.WriteString(out, all.markdown())
	return err
}
