// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bytes"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// frames is a connection of HTTP/2 on which frames are written one by one.
type frames struct {
	net.Conn
	*http2.Framer
	// contentType is that of all requests.
	contentType string
	// ended is closed when the peer has closed.
	ended chan struct{}
	// refused is how many streams the peer did not let begin.
	refused atomic.Int64
	// over is how often the peer has answered or reset a stream.
	over atomic.Int64
}

// dialFrames returns a connection on which the client has said that it speaks HTTP/2, and
// reads what comes.
func dialFrames(t *testing.T, port http2Port) *frames {
	t.Helper()
	connection := port.connect(t)
	require.NoError(t, connection.SetWriteDeadline(time.Now().Add(patience)))
	_, err := io.WriteString(connection, http2.ClientPreface)
	require.NoError(t, err)
	f := &frames{Conn: connection, Framer: http2.NewFramer(connection, connection), contentType: port.contentType, ended: make(chan struct{})}
	require.NoError(t, f.WriteSettings())
	go f.read()
	return f
}

func (f *frames) read() {
	defer close(f.ended)
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.RSTStreamFrame:
			f.over.Add(1)
			if frame.ErrCode == http2.ErrCodeRefusedStream {
				f.refused.Add(1)
			}
		case *http2.HeadersFrame:
			f.over.Add(1)
		}
	}
}

// close closes the connection, and waits until nobody reads it.
func (f *frames) close() {
	_ = f.Close() // the peer may have reset it
	<-f.ended
}

// begin writes the header of a call on a stream; more of it or a message may follow.
func (f *frames) begin(stream uint32, method string, endHeaders bool) error {
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	encoder.SetMaxDynamicTableSize(0) // so that blocks do not depend on each other
	if err := f.encode(encoder, method); err != nil {
		return err
	}
	return f.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: endHeaders})
}

// encode writes the fields of a call.
func (f *frames) encode(encoder *hpack.Encoder, method string) error {
	for _, field := range [][2]string{
		{":method", "POST"},
		{":scheme", "http"},
		{":path", method},
		{":authority", "localhost"},
		{"content-type", f.contentType},
		{"te", "trailers"},
	} {
		if err := encoder.WriteField(hpack.HeaderField{Name: field[0], Value: field[1]}); err != nil {
			return err
		}
	}
	return nil
}

// headerField is one field, literal, as it stands in a block.
func headerField(name, value string) []byte {
	var block bytes.Buffer
	_ = hpack.NewEncoder(&block).WriteField(hpack.HeaderField{Name: name, Value: value, Sensitive: true}) // a buffer takes all
	return block.Bytes()
}
