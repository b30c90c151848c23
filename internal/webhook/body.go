// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"
)

// bodiesAtOnce bounds the memory that bodies of requests in flight may take, in
// bytes; whoever finds no room is asked to come again. There is always room for
// one body of the largest size.
const bodiesAtOnce = 64 << 20

// smallestReservation is what a body gets first, in bytes. A webhook is rarely larger.
const smallestReservation = 4 << 10

// largestKeptBuffer bounds the buffers that are kept; larger ones are left to the
// garbage collector.
const largestKeptBuffer = 1 << 20

// encodings are those that a body may have. They are decoded here, within the
// route's deadline and limits, and not by confighttp, which reads from a body
// before any handler can bound it.
var encodings = []string{"", "gzip", "zlib", "deflate"}

// rejection is why a request was not accepted. Its text quotes nothing of the request.
type rejection struct {
	outcome Outcome
	text    string
}

func (r *rejection) Error() string { return r.text }

var (
	errTooLarge   = &rejection{TooLarge, "the body is larger than max_request_body_size"}
	errNoRoom     = &rejection{Overload, "too many large bodies at once"}
	errSlow       = &rejection{Slow, "the body did not arrive in time"}
	errCutOff     = &rejection{CutOff, "the body ended early"}
	errUnreadable = &rejection{Malformed, "the body cannot be read"}
	errEncoding   = &rejection{UnsupportedMediaType, "the content encoding is none of compression_algorithms"}
)

// body is a request's body and the memory that was reserved for it.
type body struct {
	buffer   bytes.Buffer
	source   io.Reader
	bodies   *semaphore.Weighted
	reserved int64
	read     int64
}

var bodyPool = sync.Pool{New: func() any { return &body{} }}

// read reads the body within the route's limits. The caller releases it, whatever
// the error.
func (rt *route) read(w http.ResponseWriter, r *http.Request) (*body, *rejection) {
	b := bodyPool.Get().(*body)
	b.bodies = rt.bodies
	limit := rt.config.ServerConfig.MaxRequestBodySize
	if r.ContentLength > limit {
		return b, errTooLarge
	}
	var err error
	if b.source, err = rt.decode(w, r, limit); err == nil {
		_, err = b.buffer.ReadFrom(b)
	}
	if err != nil {
		return b, classify(err)
	}
	return b, nil
}

func (b *body) bytes() []byte { return b.buffer.Bytes() }

func (b *body) release() {
	b.bodies.Release(b.reserved)
	if b.buffer.Cap() > largestKeptBuffer {
		return
	}
	b.buffer.Reset()
	b.source, b.bodies, b.reserved, b.read = nil, nil, 0, 0
	bodyPool.Put(b)
}

// Read reserves memory as the body arrives, so that nobody can occupy it by
// announcing a large body. It doubles what is reserved, as the buffer does.
func (b *body) Read(p []byte) (int, error) {
	if b.read == b.reserved {
		more := max(b.reserved, smallestReservation)
		if !b.bodies.TryAcquire(more) {
			return 0, errNoRoom
		}
		b.reserved += more
	}
	p = p[:min(int64(len(p)), b.reserved-b.read)]
	n, err := b.source.Read(p)
	b.read += int64(n)
	return n, err
}

// decode returns a reader of the content, which fails beyond limit, whether that is
// reached before or after decoding.
func (rt *route) decode(w http.ResponseWriter, r *http.Request, limit int64) (io.Reader, error) {
	encoding := strings.ToLower(strings.Join(r.Header.Values("Content-Encoding"), ","))
	if encoding == "identity" {
		encoding = ""
	}
	raw := http.MaxBytesReader(w, r.Body, limit)
	if encoding == "" {
		return raw, nil
	}
	if !slices.Contains(rt.config.ServerConfig.CompressionAlgorithms, encoding) {
		return nil, errEncoding
	}
	var decoded io.ReadCloser
	var err error
	switch encoding {
	case "gzip":
		decoded, err = gzip.NewReader(raw)
	case "zlib", "deflate":
		decoded, err = zlib.NewReader(raw)
	default:
		return nil, errEncoding
	}
	if err != nil {
		return nil, err
	}
	return http.MaxBytesReader(w, decoded, limit), nil
}

// classify leaves out the error's own text: a decoder may quote the body.
func classify(err error) *rejection {
	var known *rejection
	var tooLarge *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &tooLarge):
		return errTooLarge
	case errors.As(err, &network) && network.Timeout():
		return errSlow
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errCutOff
	default:
		return errUnreadable
	}
}

// validateEncodings tells which of the algorithms cannot be decoded.
func validateEncodings(algorithms []string) error {
	for _, algorithm := range algorithms {
		if !slices.Contains(encodings, algorithm) {
			return fmt.Errorf("compression_algorithms: %q is not supported; there are %q", algorithm, encodings)
		}
	}
	return nil
}
