// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zstdwindow

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/encoding"
)

func decompress(t *testing.T, frame []byte) (string, error) {
	t.Helper()
	reader, err := encoding.GetCompressor(name).Decompress(bytes.NewReader(frame))
	require.NoError(t, err)
	content, err := io.ReadAll(reader)
	return string(content), err
}

// What usual encoders write is read, whatever wrote it.
func TestUsualWindows(t *testing.T) {
	text := strings.Repeat("integration log ", 1<<18)
	encoders := map[string]func(io.Writer) (io.WriteCloser, error){
		"the collector's": encoding.GetCompressor(name).Compress,
		"fastest": func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedFastest))
		},
		"best": func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
		},
	}
	for of, encoder := range encoders {
		t.Run(of, func(t *testing.T) {
			var frame bytes.Buffer
			w, err := encoder(&frame)
			require.NoError(t, err)
			_, err = io.WriteString(w, text)
			require.NoError(t, err)
			require.NoError(t, w.Close())
			content, err := decompress(t, frame.Bytes())
			require.NoError(t, err)
			assert.Equal(t, text, content)
		})
	}
}

func TestLargeWindows(t *testing.T) {
	for exponent := range 32 {
		// A frame whose window is 2^(10+exponent), and a block as it is.
		frame := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, byte(exponent << 3), 0x11, 0x00, 0x00, 'a', 'b'}
		content, err := decompress(t, frame)
		if 1<<(10+exponent) <= largest {
			require.NoError(t, err)
			assert.Equal(t, "ab", content)
		} else {
			require.ErrorIs(t, err, zstd.ErrWindowSizeExceeded)
		}
	}
}
