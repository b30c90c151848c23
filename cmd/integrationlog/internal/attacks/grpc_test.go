// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"golang.org/x/net/http2"
)

const (
	otlpExport = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
	lokiPush   = "/logproto.Pusher/Push"
	typeOfGRPC = "application/grpc"
	// mostStreams is how many streams of a connection the shipped ports of gRPC take at a time.
	mostStreams = 100
	// floodStreams and floodFrames are far more than anybody needs.
	floodStreams = 10_000
	floodFrames  = 20_000
	// floodBytes is more than any port takes of one header.
	floodBytes = 64 * mib
)

// http2Port is a port that speaks HTTP/2, a path that it has, with gRPC a method, and the type
// of what it takes.
type http2Port struct {
	name, address, method, contentType string
	// tls is nil where nothing is encrypted.
	tls *tls.Config
}

func (p *http2Port) connect(t *testing.T) net.Conn {
	t.Helper()
	connection := connect(t, p.address)
	if p.tls == nil {
		return connection
	}
	secure := tls.Client(connection, p.tls)
	require.NoError(t, secure.HandshakeContext(t.Context()))
	require.Equal(t, "h2", secure.ConnectionState().NegotiatedProtocol)
	return secure
}

func (p *program) grpcPorts() []http2Port {
	otlp := listener{port: p.Ports.OTLPGRPC}
	ports := []http2Port{{name: "OTLP", address: otlp.address(), method: otlpExport, contentType: typeOfGRPC}}
	if p.hasLoki() {
		loki := listener{port: p.Ports.LokiGRPC}
		ports = append(ports, http2Port{name: "Loki", address: loki.address(), method: lokiPush, contentType: typeOfGRPC})
	}
	return ports
}

// framesOfGRPC are attacks below the messages of gRPC: on connections, headers, streams and
// frames. Meanwhile everybody else is served.
func framesOfGRPC(t *testing.T, w *world) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		for _, port := range p.grpcPorts() {
			t.Run(port.name, func(t *testing.T) {
				slowCalls(t, port)
				for name, flood := range map[string]func(*testing.T, http2Port){
					"headers": floodOfHeaders, "streams": floodOfStreams, "resets": floodOfResets, "frames": floodOfFrames, "noise": noise,
				} {
					t.Run(name, func(t *testing.T) { flood(t, port) })
					w.exportInOrder(t, p, port.name+"-"+name)
				}
			})
		}
	})
}

// exportInOrder sends a record that should be taken, by gRPC.
func (w *world) exportInOrder(t *testing.T, p *program, id string) {
	t.Helper()
	id = fmt.Sprintf("in-order-%s-grpc-%s", p.name, id)
	began := time.Now()
	_, err := plogotlp.NewGRPCClient(dialOTLP(t, p.Installation)).Export(t.Context(), plogotlp.NewExportRequestFromLogs(oneRecord(id, nil)))
	require.NoError(t, err)
	w.ledger[id] = true
	assert.Less(t, time.Since(began), patience, "nobody waits for an attack")
}

// slowCalls begins calls and never ends them; they stay until the test ends.
func slowCalls(t *testing.T, port http2Port) {
	t.Helper()
	for n := range slowConnections {
		switch n % 5 {
		case 0:
			port.connect(t)
		case 1:
			_, err := io.WriteString(port.connect(t), http2.ClientPreface[:7])
			require.NoError(t, err)
		case 2:
			hold(t, port)
		case 3:
			require.NoError(t, hold(t, port).begin(1, port.method, false))
		case 4:
			f := hold(t, port)
			require.NoError(t, f.begin(1, port.method, true))
			require.NoError(t, f.WriteData(1, false, announced(4*mib-1)), "a message that does not come")
		}
	}
}

func hold(t *testing.T, port http2Port) *frames {
	t.Helper()
	f := dialFrames(t, port)
	t.Cleanup(f.close)
	return f
}

// announced is the prefix of a message of gRPC.
func announced(length uint32) []byte { return binary.BigEndian.AppendUint32([]byte{0}, length) }

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
