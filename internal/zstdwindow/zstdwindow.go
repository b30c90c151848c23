// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zstdwindow bounds the memory that a message of gRPC takes before anything of it is
// read: to import it is enough. A frame of zstd says in its first bytes how far back it may
// refer (RFC 8878, 3.1.1.1.2), and the decoder of configgrpc up to v1.70 allocates that, 512 MiB
// at the most, before the sender has shown a token.
package zstdwindow // import "github.com/integrationlog/integrationlog/internal/zstdwindow"

import (
	"io"

	"github.com/klauspost/compress/zstd"
	// It registers its compressor first, which this one replaces.
	_ "go.opentelemetry.io/collector/config/configgrpc"
	"google.golang.org/grpc/encoding"
)

const (
	name = "zstd"
	// largest is what an encoder of usual settings asks for, and twice what the shipped
	// receivers take of a message.
	largest = 8 << 20
)

func init() { //nolint:gochecknoinits // gRPC takes compressors only as long as packages begin
	encoding.RegisterCompressor(compressor{encoding.GetCompressor(name)})
}

// compressor is another with a bounded window.
type compressor struct{ encoding.Compressor }

// Decompress implements encoding.Compressor. Reading fails with zstd.ErrWindowSizeExceeded
// where a frame asks for more.
func (compressor) Decompress(r io.Reader) (io.Reader, error) {
	// One goroutine decodes, the caller's, so that nothing has to be closed.
	decoder, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(largest))
	if err != nil {
		return nil, err
	}
	return decoder, nil
}
