// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package pushbody reads and rewrites the body of an OTLP/HTTP push of log records.
package pushbody // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/pushbody"

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/klauspost/compress/gzip"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// Content types of OTLP/HTTP.
const (
	ProtobufType = "application/x-protobuf"
	JSONType     = "application/json"
)

// maxSize bounds a body, compressed or not. An exporter's batches are far smaller.
const maxSize = 256 << 20

var (
	errTooLarge = fmt.Errorf("the push is larger than %d bytes: lower sending_queue::batch::max_size of the exporter", maxSize)
	// ErrContentType means that the body is of a type that is not OTLP's.
	ErrContentType = errors.New("the content type of the push is neither protobuf nor JSON")
)

// Push is the body of a push.
type Push struct {
	// Raw are the bytes as they are sent, Encoding their Content-Encoding.
	Raw      []byte
	Encoding string
	// Plain are the bytes without compression, Type their media type.
	Plain []byte
	Type  string
}

// Read reads the body of a request and closes it.
func Read(req *http.Request) (Push, error) {
	var raw []byte
	if req.Body != nil {
		defer req.Body.Close()
		var err error
		if raw, err = readAll(req.Body, req.ContentLength); err != nil {
			return Push{}, err
		}
	}
	push := Push{Raw: raw, Encoding: req.Header.Get("Content-Encoding")}
	// A type that cannot be parsed is none that can be decoded.
	push.Type, _, _ = mime.ParseMediaType(req.Header.Get("Content-Type"))
	var err error
	push.Plain, err = decompress(push.Encoding, raw)
	return push, err
}

// readAll reads at most maxSize bytes; size is a hint, negative if unknown.
func readAll(r io.Reader, size int64) ([]byte, error) {
	var buffer bytes.Buffer
	buffer.Grow(int(min(max(size, 0), maxSize)) + bytes.MinRead)
	n, err := buffer.ReadFrom(io.LimitReader(r, maxSize+1))
	if err != nil {
		return nil, err
	}
	if n > maxSize {
		return nil, errTooLarge
	}
	return buffer.Bytes(), nil
}

// Decode returns the records.
func (p Push) Decode() (plog.Logs, error) {
	request := plogotlp.NewExportRequest()
	var err error
	switch p.Type {
	case ProtobufType:
		err = request.UnmarshalProto(p.Plain)
	case JSONType:
		err = request.UnmarshalJSON(p.Plain)
	default:
		err = ErrContentType
	}
	if err != nil {
		return plog.Logs{}, err
	}
	return request.Logs(), nil
}

// With returns a push of other records in the same form. What was compressed is gzip
// afterwards.
func (p Push) With(logs plog.Logs) (Push, error) {
	request := plogotlp.NewExportRequestFromLogs(logs)
	marshal := request.MarshalProto
	if p.Type == JSONType {
		marshal = request.MarshalJSON
	}
	plain, err := marshal()
	if err != nil {
		return Push{}, err
	}
	if p.Encoding == "" {
		return Push{Raw: plain, Plain: plain, Type: p.Type}, nil
	}
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	_, err = w.Write(plain)
	err = errors.Join(err, w.Close())
	if err != nil {
		return Push{}, err
	}
	return Push{Raw: compressed.Bytes(), Encoding: "gzip", Plain: plain, Type: p.Type}, nil
}

// Apply returns a copy of the request with this body.
func (p Push) Apply(req *http.Request) *http.Request {
	copied := req.Clone(req.Context())
	if p.Encoding == "" {
		copied.Header.Del("Content-Encoding")
	} else {
		copied.Header.Set("Content-Encoding", p.Encoding)
	}
	copied.Header.Del("Content-Length")
	copied.ContentLength = int64(len(p.Raw))
	copied.TransferEncoding = nil
	copied.Body = io.NopCloser(bytes.NewReader(p.Raw))
	copied.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(p.Raw)), nil }
	return copied
}
