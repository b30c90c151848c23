// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package wire posts over connections that it keeps, and does next to nothing itself, so
// that what a benchmark measures is the server: net/http's client costs as much as a
// receiver.
package wire // import "github.com/integrationlog/integrationlog/internal/e2e/intakebench/wire"

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"
)

// patience is how long an answer may take; Shopify waits as long.
const patience = 5 * time.Second

var errAnswer = errors.New("an answer that is not understood")

// Conn is one connection. It is for one goroutine.
type Conn struct {
	conn   net.Conn
	reader *bufio.Reader
}

// Dial connects to an address such as 127.0.0.1:8700.
func Dial(ctx context.Context, address string) (*Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &Conn{conn: conn, reader: bufio.NewReader(conn)}, nil
}

// Close ends the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Post sends a request as it is and returns the status code of the answer, whose body it
// throws away. After an error the connection is of no use any more.
func (c *Conn) Post(request []byte) (code int, err error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return 0, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if len(line) < len("HTTP/1.1 200") {
		return 0, errAnswer
	}
	if code, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length, err := c.header()
	if err != nil {
		return 0, err
	}
	_, err = c.reader.Discard(length)
	return code, err
}

// header reads to the end of the header and returns how long the body is.
func (c *Conn) header() (length int, err error) {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) == len("\r\n") {
			return length, nil
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
		if bytes.HasPrefix(line, []byte("Transfer-Encoding:")) {
			return 0, errAnswer
		}
	}
}

// Request returns a POST as it goes over the wire. The header is whole lines, each with
// its end.
func Request(host, path, header string, body []byte) []byte {
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s", path, host, header, len(body), body)
}
