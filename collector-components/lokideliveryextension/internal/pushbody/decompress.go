// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pushbody // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/pushbody"

import (
	"bytes"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// gzipReaders are reused: each has tables of some 40 KB.
var gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}

// zstdReader is made once; it decodes without goroutines of its own.
var zstdReader = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxSize))
})

// decompress returns the bytes without their Content-Encoding. Of the encodings that an
// exporter offers, Loki takes these and lz4.
func decompress(encoding string, raw []byte) ([]byte, error) {
	switch encoding {
	case "":
		return raw, nil
	case "gzip":
		return gunzip(raw)
	case "zstd":
		decoder, err := zstdReader()
		if err != nil {
			return nil, err
		}
		return decoder.DecodeAll(raw, nil)
	default:
		return nil, fmt.Errorf("loki_delivery cannot read the compression %q: set compression to gzip, zstd or none in the exporter", encoding)
	}
}

func gunzip(raw []byte) ([]byte, error) {
	reader := gzipReaders.Get().(*gzip.Reader)
	defer gzipReaders.Put(reader)
	if err := reader.Reset(bytes.NewReader(raw)); err != nil {
		return nil, err
	}
	// Log records shrink to a sixth or less.
	plain, err := readAll(io.Reader(reader), 8*int64(len(raw)))
	if err != nil {
		return nil, fmt.Errorf("the compressed push cannot be read: %w", err)
	}
	return plain, nil
}
