// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logcsv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRows reads anything. Each row has one bounded field a column, and what the standard
// library's reader takes for rows of equal length is read as it reads them.
func FuzzRows(f *testing.F) {
	f.Add(header + `"RestApi","""a"", b","200"` + "\n" + `"RestApi","b,"200"` + "\n")
	f.Add(header + `"RestApi","SELECT Id` + "\n" + `FROM Case","200` + "\n" + `"RestApi","a","200"` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := NewReader(strings.NewReader(text), "RestApi")
		if err != nil {
			return
		}
		var rows [][]string
		for {
			if err = r.Next(); err != nil {
				break
			}
			row := make([]string, 0, len(r.Header()))
			for i := range r.Header() {
				require.LessOrEqual(t, len(r.Field(i)), MaxField)
				row = append(row, string(r.Field(i)))
			}
			rows = append(rows, row)
		}
		require.True(t, errors.Is(err, io.EOF) || errors.Is(err, ErrCutOff), "%v", err)
		require.Equal(t, r.Rows(), len(rows)+r.Broken())

		// The standard library's makes \n of \r\n within fields, keeps a byte order mark,
		// and takes a line of spaces and returns for a row: leave those alone.
		if strings.Contains(text, "\r") || strings.HasPrefix(text, "\ufeff") || len(text) > MaxField {
			return
		}
		reference, err := csv.NewReader(bytes.NewReader([]byte(text))).ReadAll()
		if err != nil {
			return
		}
		require.Zero(t, r.Broken())
		require.Len(t, rows, len(reference)-1)
		for i, row := range rows {
			require.Equal(t, reference[i+1], row)
		}
	})
}

// FuzzBrokenRow puts anything between two good rows. Neither is lost, unless what stands
// between them opens a row of its own.
func FuzzBrokenRow(f *testing.F) {
	for _, text := range []string{"", "x", `"RestApi","b"`, `"RestApi","b`, `"""`, `"RestApi","b""`, "a,b,\"c", "\"\n\"", "\r"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, between string) {
		if strings.Contains(between, "RestApi") && strings.Contains(between, "\n") {
			return
		}
		first, last := `"RestApi","first","200"`+"\n", `"RestApi","last","200"`+"\n"
		rows, _, err := readAll(t, header+first+between+"\n"+last)
		require.NoError(t, err)
		require.NotEmpty(t, rows)
		require.Equal(t, "RestApi|first|200", rows[0])
		require.Equal(t, "RestApi|last|200", rows[len(rows)-1])
	})
}
