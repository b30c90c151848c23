// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	// mostStreams is how many streams of a connection the shipped ports of gRPC take at a time.
	mostStreams = 100
	// floodStreams and floodFrames are far more than anybody needs.
	floodStreams = 10_000
	floodFrames  = 20_000
	// floodBytes is more than any port takes of one header.
	floodBytes = 64 * mib
)

// floods are all, of them one of streams.
func floods(streams func(*testing.T, http2Port)) map[string]func(*testing.T, http2Port) {
	return map[string]func(*testing.T, http2Port){
		"headers": floodOfHeaders, "references": floodOfReferences, "streams": streams, "resets": floodOfResets, "frames": floodOfFrames, "noise": noise,
	}
}

// floodOfHeaders is one header that does not end.
func floodOfHeaders(t *testing.T, port http2Port) {
	t.Helper()
	f := dialFrames(t, port)
	defer f.close()
	require.NoError(t, f.begin(1, port.method, false))
	field := headerField("x-flood", strings.Repeat("x", 16_000))
	for range floodBytes / len(field) {
		if f.hasHungUp(t, f.WriteContinuation(1, false, field)) {
			return
		}
	}
	assert.Fail(t, "it takes a header without end")
}

// floodOfReferences is one header of 16 KiB that names a field of 4 KB again and again, a byte
// each time: 64 MB, for whoever writes it out.
func floodOfReferences(t *testing.T, port http2Port) {
	t.Helper()
	f := dialFrames(t, port)
	defer f.close()
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	require.NoError(t, f.encode(encoder, port.method))
	require.NoError(t, encoder.WriteField(hpack.HeaderField{Name: "x-flood", Value: strings.Repeat("x", 4000)}))
	const newest = 0x80 | 62 // RFC 7541, 6.1 and 2.3.3
	block.Write(bytes.Repeat([]byte{newest}, 16_000-block.Len()))
	require.NoError(t, f.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: block.Bytes(), EndHeaders: true, EndStream: true}))
	assert.Eventually(t, func() bool { return f.over.Load() > 0 || f.hasEnded() }, patience, 10*time.Millisecond)
}

// floodOfStreams are calls that all begin and never end, on one connection.
func floodOfStreams(t *testing.T, port http2Port) {
	t.Helper()
	f := dialFrames(t, port)
	defer f.close()
	for n := range uint32(floodStreams) {
		if f.hasHungUp(t, f.begin(2*n+1, port.method, true)) {
			return // which is as good
		}
	}
	assert.Eventually(t, func() bool { return f.hasEnded() || f.refused.Load() == floodStreams-mostStreams }, patience, 10*time.Millisecond,
		"%d were refused", f.refused.Load())
}

// hasHungUp tells whether the other side has, as the error of a write says: it has not if it
// only reads no more.
func (f *frames) hasHungUp(t *testing.T, err error) bool {
	t.Helper()
	if err != nil {
		assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "it keeps the connection, and reads no more")
	}
	return err != nil
}

func (f *frames) hasEnded() bool {
	select {
	case <-f.ended:
		return true
	default:
		return false
	}
}

// floodOfResets are calls that are called off as soon as they have begun.
func floodOfResets(t *testing.T, port http2Port) {
	t.Helper()
	f := dialFrames(t, port)
	defer f.close()
	for n := range uint32(floodStreams) {
		if f.hasHungUp(t, errors.Join(f.begin(2*n+1, port.method, true), f.WriteRSTStream(2*n+1, http2.ErrCodeCancel))) {
			return
		}
	}
}

// floodOfFrames are frames that ask for an answer each, which nobody needs.
func floodOfFrames(t *testing.T, port http2Port) {
	t.Helper()
	for name, write := range map[string]func(f *frames, n int) error{
		"pings":    func(f *frames, n int) error { return f.WritePing(false, [8]byte{byte(n)}) },
		"settings": func(f *frames, _ int) error { return f.WriteSettings() },
		"windows":  func(f *frames, _ int) error { return f.WriteWindowUpdate(0, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			f := dialFrames(t, port)
			defer f.close()
			for n := range floodFrames {
				if f.hasHungUp(t, write(f, n)) {
					return
				}
			}
		})
	}
}

// noise is what is no HTTP/2, or none that is allowed.
func noise(t *testing.T, port http2Port) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	beginnings := []string{
		"POST " + port.method + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
		http2.ClientPreface + "\x00\x00\x00\x01\x04\x00\x00\x00\x01", http2.ClientPreface + "\xff\xff\xff\x00\x00\x00\x00\x00\x01",
	}
	for range 300 {
		// A frame of each kind, with flags, a stream and a content that are drawn.
		drawn := make([]byte, 9+random.IntN(200))
		for i := range drawn {
			drawn[i] = byte(random.Uint32())
		}
		drawn[0], drawn[1], drawn[2] = 0, 0, byte(len(drawn)-9)
		drawn[3] %= byte(http2.FrameContinuation) + 2
		drawn[5] &= 0x7f
		if random.IntN(2) == 0 {
			drawn[5], drawn[6], drawn[7], drawn[8] = 0, 0, 0, 1
		}
		beginnings = append(beginnings, http2.ClientPreface+"\x00\x00\x00\x04\x00\x00\x00\x00\x00"+string(drawn))
	}
	for _, beginning := range beginnings {
		connection := port.connect(t)
		_, err := io.WriteString(connection, beginning)
		require.NoError(t, err)
		require.NoError(t, connection.Close())
	}
}
