// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package logcsv reads Salesforce's event log files row by row.
//
// It is a reader of its own because one of the standard library's is not enough here: a
// quote that is missing would make it swallow the rest of the file, rows and memory. This
// one bounds each field, and finds the next row after one that is broken: each row of
// an event log file begins with the type of its event, and within a quoted field that
// beginning cannot stand, since quotes are doubled there.
package logcsv // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/logcsv"

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

const (
	// MaxField is how many bytes of a field are kept. The exception's text, the longest
	// that is logged, is cut at far fewer; a query may be longer and is not needed.
	MaxField = 16 << 10
	// maxColumns is far above what any type of event has.
	maxColumns = 512
	bufferSize = 64 << 10
	// maxStart bounds the type of the event, by which the next row is found.
	maxStart = 128
	// startColumn is the first column of each event log file.
	startColumn = "EVENT_TYPE"
)

// ErrCutOff means that the file ends within a row: it was not transferred, or not
// written, to its end.
var ErrCutOff = errors.New("the event log file ends within a row")

// ErrHeader means that the first line does not name the columns of a file.
var ErrHeader = errors.New("the first line of the event log file names no columns")

// errBroken means that a row is not what CSV allows, or has not one field a column.
var errBroken = errors.New("broken row")

// Reader reads the rows of one file. It keeps one of them in memory.
type Reader struct {
	in     *bufio.Reader
	header []string
	// start is how a row begins, quotes included: first as it should, then, with sure, as
	// the first good row does. Empty where the first column is not the type of the event.
	start []byte
	sure  bool

	row    []byte
	ends   []int
	quoted bool // whether the first field is quoted
	atEnd  bool // whether the row was ended by the end of the file

	rows, broken int
}

// NewReader reads the header of a file of events of one type. It fails with io.EOF for
// an empty file.
func NewReader(in io.Reader, eventType string) (*Reader, error) {
	r := &Reader{in: bufio.NewReaderSize(in, bufferSize)}
	if mark, err := r.in.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = r.in.Discard(3) // it has just been read
	}
	if err := r.skipBlankLines(); err != nil {
		return nil, err
	}
	err := r.read(maxColumns)
	if errors.Is(err, errBroken) {
		return nil, ErrHeader
	}
	if err != nil {
		return nil, err
	}
	for i := range r.ends {
		r.header = append(r.header, string(r.Field(i)))
	}
	if r.header[0] == startColumn {
		r.expectStart([]byte(eventType))
	}
	return r, nil
}

// Header returns the names of the columns.
func (r *Reader) Header() []string { return r.header }

// Rows returns how many rows were read, the broken ones included.
func (r *Reader) Rows() int { return r.rows }

// Broken returns how many rows were skipped because they are broken.
func (r *Reader) Broken() int { return r.broken }

// Next reads the next row that is not broken. After the last it returns io.EOF.
func (r *Reader) Next() error {
	for {
		if err := r.skipBlankLines(); err != nil {
			return err
		}
		err := r.read(len(r.header))
		switch {
		case err == nil:
			r.rows++
			r.learnStart()
			return nil
		case errors.Is(err, errBroken):
			r.rows++
			r.broken++
			if err := r.toNextStart(); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// Field returns a field of the row, until the next call of Next. Whatever was longer is
// cut at [MaxField] bytes.
func (r *Reader) Field(i int) []byte {
	start := 0
	if i > 0 {
		start = r.ends[i-1]
	}
	return r.row[start:r.ends[i]]
}

// learnStart takes from the first good row how rows begin.
func (r *Reader) learnStart() {
	if r.sure || len(r.start) == 0 {
		return
	}
	r.sure = true
	r.expectStart(r.Field(0))
}

func (r *Reader) expectStart(eventType []byte) {
	r.start = r.start[:0]
	if len(eventType) == 0 || len(eventType) > maxStart || bytes.ContainsAny(eventType, "\"\r\n") {
		return
	}
	if r.quoted {
		r.start = append(r.start, '"')
	}
	r.start = append(r.start, eventType...)
	if r.quoted {
		r.start = append(r.start, '"')
	}
	r.start = append(r.start, ',')
}

// atStart tells whether the next bytes are those with which rows begin.
func (r *Reader) atStart() bool {
	if len(r.start) == 0 {
		return false
	}
	next, err := r.in.Peek(len(r.start))
	return err == nil && bytes.Equal(next, r.start)
}
