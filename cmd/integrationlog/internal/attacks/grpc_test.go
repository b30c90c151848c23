// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"io"
	"net"
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
				for name, flood := range floods(floodOfStreams) {
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
