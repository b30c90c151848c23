// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
)

// byteOrderMark tells spreadsheets that the file is UTF-8; without it some take it for the
// encoding of their own country.
const byteOrderMark = "\uFEFF"

// columns are the names in the first line. They need no quotes, so that even a reader that
// does not know the mark before the first can read them.
var columns = []string{
	"time", "product", "status", "description", "type", "evidence", "integration", "account", "id",
	"object_type", "object_id", "error_type", "error_code", "error_message", "http_status_code",
}

func beginCSV(w io.Writer) error {
	_, err := io.WriteString(w, byteOrderMark+strings.Join(columns, ",")+"\r\n")
	return err
}

// writeCSV writes a line as RFC 4180 has it, each cell in quotes: so a spreadsheet that
// parts cells at other characters than commas does not part them within a text.
func writeCSV(w io.Writer, a activity) error {
	code := ""
	if a.HTTPStatusCode != 0 {
		code = strconv.Itoa(a.HTTPStatusCode)
	}
	cells := [...]string{
		a.Time.Format(time.RFC3339Nano), a.Product, a.Status, a.Description, a.Type, a.Evidence, a.Integration, a.Account, a.ID,
		a.ObjectType, a.ObjectID, a.ErrorType, a.ErrorCode, a.ErrorMessage, code,
	}
	var line strings.Builder
	for i, cell := range cells {
		if i > 0 {
			line.WriteByte(',')
		}
		line.WriteByte('"')
		line.WriteString(strings.ReplaceAll(harmless(cell), `"`, `""`))
		line.WriteByte('"')
	}
	line.WriteString("\r\n")
	_, err := io.WriteString(w, line.String())
	return err
}

// harmless puts an apostrophe before what a spreadsheet would take for a formula: a text
// that begins with one of = + - @, of their full-width relatives, or of the characters that
// it passes over or ends a cell at, as https://owasp.org/www-community/attacks/CSV_Injection
// has it. A spreadsheet that parts cells at a semicolon, a tab or a line break may see a
// beginning there as well, so what follows one is looked at in the same way. Characters that
// control how the text around them is shown are shown themselves, as on the page.
func harmless(cell string) string {
	cell = inert.Text(cell)
	var safe strings.Builder
	beginning := true
	for i, r := range cell {
		switch {
		case isBreak(r):
			if i == 0 {
				safe.WriteByte('\'')
			}
			beginning = true
		case r == ';':
			beginning = true
		case beginning && isFormula(r):
			safe.WriteByte('\'')
			beginning = false
		case r != '"' && !unicode.IsSpace(r):
			beginning = false
		}
		safe.WriteRune(r)
	}
	return safe.String()
}

func isFormula(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠", r) }

func isBreak(r rune) bool { return r == '\t' || r == '\n' }
