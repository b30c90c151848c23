// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logcsv

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// readAll returns the fields of all good rows, joined by |.
func readAll(t *testing.T, text string) ([]string, *Reader, error) {
	t.Helper()
	r, err := NewReader(strings.NewReader(text), "RestApi")
	require.NoError(t, err)
	var rows []string
	for {
		if err := r.Next(); err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return rows, r, err
		}
		fields := make([]string, 0, len(r.Header()))
		for i := range r.Header() {
			fields = append(fields, string(r.Field(i)))
		}
		rows = append(rows, strings.Join(fields, "|"))
	}
}

const header = `"EVENT_TYPE","MESSAGE","STATUS"` + "\n"

func TestRows(t *testing.T) {
	tests := map[string]struct {
		text   string
		want   []string
		broken int
	}{
		"none":                {header, nil, 0},
		"quoted":              {header + `"RestApi","a","200"` + "\n", []string{"RestApi|a|200"}, 0},
		"not quoted":          {"EVENT_TYPE,MESSAGE,STATUS\nRestApi,a,200\n", []string{"RestApi|a|200"}, 0},
		"CRLF, no last line":  {"EVENT_TYPE,MESSAGE,STATUS\r\n\"RestApi\",a,\"200\"\r\nRestApi,b,200", []string{"RestApi|a|200", "RestApi|b|200"}, 0},
		"byte order mark":     {"\ufeff" + header + `"RestApi","a","200"`, []string{"RestApi|a|200"}, 0},
		"empty fields":        {header + `"RestApi","",` + "\n" + `"RestApi",,""` + "\n", []string{"RestApi||", "RestApi||"}, 0},
		"blank lines":         {"\n" + header + "\n\n" + `"RestApi","a","200"` + "\n\r\n", []string{"RestApi|a|200"}, 0},
		"triple quotes":       {header + `"RestApi","""a"", b","200"` + "\n", []string{`RestApi|"a", b|200`}, 0},
		"line within a field": {header + `"RestApi","SELECT Id` + "\n" + `FROM Case, ""RestApi"",","200"` + "\n", []string{"RestApi|SELECT Id\nFROM Case, \"RestApi\",|200"}, 0},
		"too few fields": {
			header + `"RestApi","a","200"` + "\n" + `"RestApi","b"` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|a|200", "RestApi|c|200"},
			1,
		},
		"too few fields in the last row": {header + `"RestApi","a","200"` + "\n" + `"RestApi","b"` + "\n", []string{"RestApi|a|200"}, 1},
		"too many fields": {
			header + `"RestApi","b","200","x","y"` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|c|200"},
			1,
		},
		"quote not closed at the end": {
			header + `"RestApi","a","200"` + "\n" + `"RestApi","b","200` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|a|200", "RestApi|c|200"},
			1,
		},
		"quote not closed in the first row": {
			header + `"RestApi","b","200` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|c|200"},
			1,
		},
		"quote not closed in the middle": {
			header + `"RestApi","a","200"` + "\n" + `"RestApi","b,"200"` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|a|200", "RestApi|c|200"},
			1,
		},
		"quote not doubled, and lines": {
			header + `"RestApi","a","200"` + "\n" + `"RestApi","b "x" ` + "\n" + `second, ""line""` + "\n" + `","200"` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|a|200", "RestApi|c|200"},
			1,
		},
		"quote doubled at the end": {
			header + `"RestApi","a","200"` + "\n" + `"RestApi","b","200""` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|a|200", "RestApi|c|200"},
			1,
		},
		"return after a quote": {
			header + `"RestApi","a","200"` + "\n" + `"RestApi","b"` + "\rx" + `,"200"` + "\n" + `"RestApi","c","200"` + "\n",
			[]string{"RestApi|a|200", "RestApi|c|200"},
			1,
		},
		"type written otherwise": {
			header + `"RestAPI","a,"200"` + "\n" + `"RestAPI","b","200"` + "\n" + `"RestAPI","c,"200"` + "\n" + `"RestAPI","d","200"` + "\n",
			[]string{"RestAPI|b|200", "RestAPI|d|200"},
			2,
		},
		"type not first": {
			`"STATUS","MESSAGE"` + "\n" + `"200","a"b"` + "\n" + `"200","c"` + "\n",
			[]string{"200|c"},
			1,
		},
		"last row broken": {header + `"RestApi","a","200"` + "\n" + `"RestApi","b"x","200"`, []string{"RestApi|a|200"}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rows, r, err := readAll(t, test.text)
			require.NoError(t, err)
			require.Equal(t, test.want, rows)
			require.Equal(t, test.broken, r.Broken())
			require.Equal(t, len(test.want)+test.broken, r.Rows())
		})
	}
}

func TestEmptyFile(t *testing.T) {
	for _, text := range []string{"", "\n", "\ufeff"} {
		_, err := NewReader(strings.NewReader(text), "RestApi")
		require.ErrorIs(t, err, io.EOF)
	}
}

// TestCutOff: rows before the cut are read, and the cut is told.
func TestCutOff(t *testing.T) {
	for _, end := range []string{`"RestApi","b`, `"RestApi","b"`, `"RestApi","b",`, `"RestApi"`} {
		rows, r, err := readAll(t, header+`"RestApi","a","200"`+"\n"+end)
		if end == `"RestApi","b",` {
			// An empty last field: nothing shows that it was cut.
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, ErrCutOff, end)
		require.Equal(t, []string{"RestApi|a|200"}, rows)
		require.Equal(t, 1, r.Rows())
	}
}

// TestLongField: it is cut, and costs no neighbour.
func TestLongField(t *testing.T) {
	long := strings.Repeat("x", 3*MaxField)
	rows, r, err := readAll(t, header+`"RestApi","`+long+`","200"`+"\n"+`"RestApi",`+long+`,200`+"\n")
	require.NoError(t, err)
	require.Equal(t, []string{"RestApi|" + long[:MaxField] + "|200", "RestApi|" + long[:MaxField] + "|200"}, rows)
	require.Zero(t, r.Broken())
}

// TestLongBrokenRow: a row without an end is skipped without being kept.
func TestLongBrokenRow(t *testing.T) {
	long := strings.Repeat(strings.Repeat("x", 1000)+"\n", 1000)
	rows, r, err := readAll(t, header+`"RestApi","a","1"`+"\n"+`"RestApi","b"`+long+`"RestApi","c","1"`+"\n")
	require.NoError(t, err)
	require.Equal(t, []string{"RestApi|a|1", "RestApi|c|1"}, rows)
	require.Equal(t, 1, r.Broken())
}

func TestBadHeader(t *testing.T) {
	_, err := NewReader(strings.NewReader(strings.Repeat("A,", maxColumns)+"A\n"), "RestApi")
	require.ErrorIs(t, err, ErrHeader)
	_, err = NewReader(strings.NewReader(`"A"B","C"`+"\n"), "RestApi")
	require.ErrorIs(t, err, ErrHeader)
	_, err = NewReader(strings.NewReader(`"A","B`), "RestApi")
	require.ErrorIs(t, err, ErrCutOff)
}

// TestReadError: an error of the transfer is neither the end of the file nor a broken row.
func TestReadError(t *testing.T) {
	failure := errors.New("connection reset")
	for _, text := range []string{"", `"RestApi"`, `"RestApi","`, `"RestApi","a"`, `RestApi,b`, `"RestApi","b"x"`} {
		in := io.MultiReader(strings.NewReader(header+text), iotest.ErrReader(failure))
		r, err := NewReader(in, "RestApi")
		require.NoError(t, err)
		require.ErrorIs(t, r.Next(), failure, text)
	}
}
