// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package callrow // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"

import (
	"bytes"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// Row is the row that is being read.
type Row interface {
	// Field returns a field; it is valid until the next row is read.
	Field(i int) []byte
}

// Verdict is what becomes of a row.
type Verdict int

const (
	// Foreign means that the call was not the integration's.
	Foreign Verdict = iota
	// Succeeded means that the call did not fail.
	Succeeded
	// Unusable means that the row does not tell when the call was.
	Unusable
	// Failed means that the call belongs into the log.
	Failed
)

// Users are the integration's users.
type Users map[sfid.Short]struct{}

// Parser reads the rows of one file.
type Parser struct {
	eventType Type
	columns   columns
	users     Users
}

// NewParser returns a parser for a file with this header. It fails with [ErrColumns] if
// the file lacks what is needed.
func NewParser(eventType Type, header []string, users Users) (*Parser, error) {
	found, err := findColumns(eventType, header)
	if err != nil {
		return nil, err
	}
	return &Parser{eventType, found, users}, nil
}

// Parse returns the row's call if it is one that failed. Most rows are other users', so
// that is asked first.
func (p *Parser) Parse(row Row) (Call, Verdict) {
	if !p.ours(row) {
		return Call{}, Foreign
	}
	if !p.failed(row) {
		return Call{}, Succeeded
	}
	at := p.time(row)
	if at.IsZero() {
		return Call{}, Unusable
	}
	uri := p.text(row, resource)
	name, recordID, action := p.text(row, entity), recordOf(uri), actionOf(uri)
	return Call{
		Type:          p.eventType,
		Key:           p.key(row, at),
		Time:          at,
		RequestID:     p.text(row, requestID),
		Method:        strings.ToUpper(p.text(row, method)),
		StatusCode:    p.number(row, statusCode),
		RequestStatus: p.text(row, requestStatus),
		Exception:     p.text(row, exception),
		Entity:        name,
		RecordID:      recordID,
		Action:        action,
		Family:        p.text(row, family),
		ConnectedApp:  p.text(row, connectedApp),
		LoginStatus:   p.text(row, loginStatus),
		JobID:         p.text(row, jobID),
		JobStatus:     p.text(row, jobStatus),
		Operation:     p.text(row, operation),
		Failed:        p.number(row, recordsFailed),
		Processed:     p.number(row, recordsProcessed),
	}, Failed
}

// ours tells whether the user is one of the integration's. USER_ID has 15 characters,
// USER_ID_DERIVED 18.
func (p *Parser) ours(row Row) bool {
	for _, c := range [...]column{userID, userIDDerived} {
		if id, ok := sfid.Parse(p.field(row, c)); ok {
			_, ours := p.users[id]
			return ours
		}
	}
	return false
}

// time returns when the call was. TIMESTAMP is 20130715233322.670, in GMT;
// TIMESTAMP_DERIVED has the form of ISO 8601.
func (p *Parser) time(row Row) time.Time {
	if at, err := time.Parse("20060102150405.999", p.text(row, timestamp)); err == nil && activity.Representable(at) {
		return at
	}
	return activity.ParseTime(p.text(row, timestampDerived))
}

func (p *Parser) field(row Row, c column) []byte {
	if p.columns[c] < 0 {
		return nil
	}
	return row.Field(p.columns[c])
}

// text returns a field without the quotes that Salesforce puts around some texts, as a
// part of them.
func (p *Parser) text(row Row, c column) string {
	text := bytes.TrimSpace(p.field(row, c))
	if len(text) >= 2 && text[0] == '"' && text[len(text)-1] == '"' {
		text = bytes.TrimSpace(text[1 : len(text)-1])
	}
	return string(text)
}

// number returns a field's number, or 0. Some come as 400.0.
func (p *Parser) number(row Row, c column) int {
	whole, _, _ := strings.Cut(p.text(row, c), ".")
	number, err := strconv.Atoi(whole)
	if err != nil || number < 0 {
		return 0
	}
	return number
}
