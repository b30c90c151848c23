// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// placeholder stands in a request for what is unlike in each.
const placeholder = "00000000000000id"

// request is what all clients of an intake send, but for the placeholder.
type request struct {
	path   string
	header string
	body   []byte
}

// client posts over one connection that it keeps. It does next to nothing itself,
// so that what is measured is the server: the request is written once, and only
// the id in it changes.
type client struct {
	conn   net.Conn
	reader *bufio.Reader
	bytes  []byte
	// id is the placeholder's place in bytes; empty where there is none.
	id   []byte
	next uint64
}

// clients counts them, so that no two requests of a run have one id.
var clients atomic.Uint64

func dial(tb testing.TB, address string, r request) *client {
	tb.Helper()
	conn, err := new(net.Dialer).DialContext(tb.Context(), "tcp", address)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = conn.Close() })
	c := &client{conn: conn, reader: bufio.NewReader(conn), next: clients.Add(1) << 32}
	c.bytes = fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\n\r\n%s",
		r.path, address, r.header, len(r.body), r.body)
	if at := bytes.Index(c.bytes, []byte(placeholder)); at >= 0 {
		c.id = c.bytes[at : at+len(placeholder)]
	}
	return c
}

// post sends one request and returns the status code of the answer.
func (c *client) post() (code int, err error) {
	c.next++
	for i, n := len(c.id)-1, c.next; i >= 0; i, n = i-1, n>>4 {
		c.id[i] = "0123456789abcdef"[n&15]
	}
	if _, err := c.conn.Write(c.bytes); err != nil {
		return 0, err
	}
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if code, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}
	length := 0
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) == 2 {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	_, err = c.reader.Discard(length)
	return code, err
}
