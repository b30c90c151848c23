// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logcsv // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/logcsv"

import (
	"bufio"
	"errors"
	"io"
)

// read reads one row, which has to have as many fields as there are columns; for the
// header, at most so many. A row that it calls broken is read up to where the fault
// shows: up to a line's end, or into the middle of a line.
func (r *Reader) read(columns int) error {
	r.row, r.ends, r.atEnd = r.row[:0], r.ends[:0], false
	for fields := 1; ; fields++ {
		last, err := r.field(fields <= columns)
		if err != nil {
			return err
		}
		if !last {
			continue
		}
		if r.header == nil && fields <= columns || fields == columns {
			return nil
		}
		if r.atEnd && fields < columns {
			return ErrCutOff
		}
		return errBroken
	}
}

// field reads one field, and tells whether it was the row's last.
func (r *Reader) field(keep bool) (last bool, err error) {
	kept := 0
	put := func(c byte) {
		if keep && kept < MaxField {
			r.row = append(r.row, c)
			kept++
		}
	}
	c, err := r.in.ReadByte()
	quoted := err == nil && c == '"'
	if keep && len(r.ends) == 0 {
		r.quoted = quoted
	}
	if quoted {
		last, err = r.quotedField(put)
	} else {
		last, err = r.plainField(c, err, put)
	}
	if keep && err == nil {
		r.ends = append(r.ends, len(r.row))
	}
	return last, err
}

func (r *Reader) plainField(c byte, err error, put func(byte)) (last bool, _ error) {
	for ; err == nil; c, err = r.in.ReadByte() {
		switch c {
		case ',':
			return false, nil
		case '\n':
			return true, nil
		case '\r':
			if next, peekErr := r.in.Peek(1); peekErr == nil && next[0] == '\n' {
				continue
			}
		}
		put(c)
	}
	return r.end(err)
}

// end tells that the file's end ends a row, too.
func (r *Reader) end(err error) (last bool, _ error) {
	if !errors.Is(err, io.EOF) {
		return false, err
	}
	r.atEnd = true
	return true, nil
}

// quotedField reads what stands after the opening quote.
func (r *Reader) quotedField(put func(byte)) (last bool, _ error) {
	for {
		c, err := r.in.ReadByte()
		if err != nil {
			return false, cutOff(err)
		}
		if c != '"' {
			put(c)
			if c == '\n' && r.atStart() {
				return false, errBroken
			}
			continue
		}
		switch c, err = r.in.ReadByte(); {
		case err != nil:
			return r.end(err)
		case c == '\n':
			return true, nil
		case c == '"':
			put(c)
		case c == ',':
			return false, nil
		case c == '\r':
			return r.lineEnd()
		default:
			return false, errBroken
		}
	}
}

// lineEnd reads what has to follow a carriage return after a closing quote.
func (r *Reader) lineEnd() (last bool, _ error) {
	c, err := r.in.ReadByte()
	switch {
	case err != nil:
		return r.end(err)
	case c == '\n':
		return true, nil
	default:
		return false, errBroken
	}
}

// toNextStart skips the rest of a broken row: up to the next line that begins as rows do,
// or, while no row has shown how they begin, to the next line.
func (r *Reader) toNextStart() error {
	if r.atStart() {
		return nil
	}
	for {
		_, err := r.in.ReadSlice('\n')
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case err == nil:
			if !r.sure || len(r.start) == 0 || r.atStart() {
				return nil
			}
		case !errors.Is(err, bufio.ErrBufferFull):
			return err
		}
	}
}

func (r *Reader) skipBlankLines() error {
	for {
		next, err := r.in.Peek(1)
		if err != nil {
			return err
		}
		if next[0] != '\n' && next[0] != '\r' {
			return nil
		}
		_, _ = r.in.Discard(1) // it has just been read
	}
}

// cutOff tells that a file ended where it must not.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return ErrCutOff
	}
	return err
}
