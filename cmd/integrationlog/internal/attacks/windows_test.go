// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bytes"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// wide is zstd as nobody needs it: a frame of few bytes, for which the decoder is to keep
// 512 MiB of what came before.
type wide struct{}

// Name implements encoding.Compressor.
func (wide) Name() string { return "zstd" }

// Compress implements encoding.Compressor.
func (wide) Compress(w io.Writer) (io.WriteCloser, error) { return &wideFrame{to: w}, nil }

// Decompress implements encoding.Compressor.
func (wide) Decompress(r io.Reader) (io.Reader, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1))
}

// wideFrame writes everything as it is, in one block of a frame.
type wideFrame struct {
	bytes.Buffer
	to io.Writer
}

// Close implements io.Closer.
func (f *wideFrame) Close() error {
	header := f.Len()<<3 | 1 // the last block, raw, and its length; RFC 8878, 3.1.1.2
	_, err := f.to.Write(append([]byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 19 << 3, byte(header), byte(header >> 8), byte(header >> 16)}, f.Bytes()...))
	return err
}

// wideWindows are small bodies that are in order, but for the memory that they ask for before
// they are read. Whoever takes them has given it, as the embedded Loki does to accounts of its
// machine.
func wideWindows(t *testing.T, w *world) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		logs := oneRecord("wide", nil)
		marshaler := plog.JSONMarshaler{}
		record, err := marshaler.MarshalLogs(logs)
		require.NoError(t, err)
		otlp, product := listener{port: p.Ports.OTLPHTTP}, harness.PushedProducts[0]
		targets := map[string]string{
			"http://" + otlp.address() + "/v1/logs": string(record),
			p.PushURL(product.Product):              `{"id":"wide","timestamp":"` + time.Now().UTC().Format(time.RFC3339) + `","level":"info","message":"wide"}`,
		}
		for target, body := range targets {
			for _, code := range throw(t, target, "zstd", framed(t, body), product.Secret) {
				assert.Contains(t, []int{http.StatusUnsupportedMediaType, http.StatusBadRequest}, code, target)
			}
		}
		_, err = plogotlp.NewGRPCClient(dialOTLP(t, p.Installation)).Export(t.Context(), plogotlp.NewExportRequestFromLogs(logs), grpc.UseCompressor(wide{}.Name()))
		assert.Equal(t, codes.Internal, status.Code(err), err)
		assert.ErrorContains(t, err, zstd.ErrWindowSizeExceeded.Error())
	})
}

func framed(t *testing.T, content string) []byte {
	t.Helper()
	var frame bytes.Buffer
	w, err := wide{}.Compress(&frame)
	require.NoError(t, err)
	_, err = io.WriteString(w, content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return frame.Bytes()
}
