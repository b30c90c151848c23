// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package intakebench

import (
	"bytes"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/e2e/intakebench/wire"
)

// placeholder stands in a request for what is unlike in each.
const placeholder = "00000000000000id"

// request is what all clients of an intake send, but for the placeholders.
type request struct {
	path   string
	header string
	body   []byte
	// records is how many records it makes.
	records int
}

// client posts one request again and again, and changes nothing but the ids in it.
type client struct {
	*wire.Conn
	bytes []byte
	// ids are the placeholders' places in bytes.
	ids  [][]byte
	next uint64
}

// clients counts them, so that no two requests of a run have one id.
var clients atomic.Uint64

func dial(tb testing.TB, address string, r request) *client {
	tb.Helper()
	conn, err := wire.Dial(tb.Context(), address)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = conn.Close() })
	c := &client{
		Conn: conn, next: clients.Add(1) << 32,
		bytes: wire.Request(address, r.path, "Content-Type: application/json\r\n"+r.header, r.body),
	}
	for rest := c.bytes; ; {
		at := bytes.Index(rest, []byte(placeholder))
		if at < 0 {
			return c
		}
		c.ids = append(c.ids, rest[at:at+len(placeholder)])
		rest = rest[at+len(placeholder):]
	}
}

// post sends one request and returns the status code of the answer.
func (c *client) post() (code int, err error) {
	c.next++
	for _, id := range c.ids {
		for i, n := len(id)-1, c.next; i >= 0; i, n = i-1, n>>4 {
			id[i] = "0123456789abcdef"[n&15]
		}
	}
	return c.Post(c.bytes)
}
