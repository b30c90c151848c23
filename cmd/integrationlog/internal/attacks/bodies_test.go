// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	grpcgzip "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

const (
	// tooLarge is more than any listener takes, in bytes.
	tooLarge = 64 * mib
	// atOnce is how many of the large ones are sent at a time.
	atOnce = 8
)

// largeBodies are more than anybody may send, of known and of unknown length, with a right
// credential and without.
func largeBodies(t *testing.T, w *world) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		product := harness.PushedProducts[0]
		for _, length := range []int64{tooLarge, -1} {
			post := func(secret string) int {
				return postLarge(t, p.PushURL(product.Product), length, http.Header{"Content-Type": {"application/json"}, "X-Api-Key": {secret}})
			}
			assert.Equal(t, http.StatusRequestEntityTooLarge, post(product.Secret))
			assert.Contains(t, []int{http.StatusRequestEntityTooLarge, http.StatusUnauthorized}, post(""))
			otlp := listener{port: p.Ports.OTLPHTTP}
			assert.Contains(t, tooLargeCodes, postLarge(t, "http://"+otlp.address()+"/v1/logs", length, http.Header{"Content-Type": {"application/json"}}))
			for _, l := range p.listeners() {
				if l.path != "" { // who only tells something reads no body
					status := postLarge(t, "http://"+l.address()+l.path, length, http.Header{})
					assert.Contains(t, []int{http.StatusOK, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge}, status, l.name)
				}
			}
			if p.hasLoki() {
				for _, path := range []string{"/otlp/v1/logs", "/loki/api/v1/push"} {
					assert.Contains(t, tooLargeCodes, postLarge(t, p.Loki.URL+path, length, http.Header{"Content-Type": {"application/json"}}), path)
				}
			}
		}
		assert.Equal(t, codes.ResourceExhausted, exportLarge(t, p))
	})
}

// tooLargeCodes are what is answered to what is too large, by whom nothing is said of it too.
var tooLargeCodes = []int{http.StatusRequestEntityTooLarge, http.StatusBadRequest}

// large returns a body that is too large, and in order: behind many spaces is what would be
// taken, if anybody read so far. The log would have it then.
func large(url string) io.Reader {
	body := `{"id":"too-large","level":"info","message":"too large"}`
	switch {
	case strings.HasSuffix(url, "/v1/logs"):
		marshaler := plog.JSONMarshaler{}
		content, _ := marshaler.MarshalLogs(oneRecord("too-large", nil)) // it has nothing that JSON has not
		body = string(content)
	case strings.HasSuffix(url, "/push"):
		body = fmt.Sprintf(`{"streams":[{"stream":{"product":"zis"},"values":[["%d","too large"]]}]}`, time.Now().UnixNano())
	}
	return io.MultiReader(io.LimitReader(endless{}, tooLarge-int64(len(body))), strings.NewReader(body))
}

// postLarge sends a body that is too large, and returns the answer's status.
func postLarge(t *testing.T, url string, length int64, header http.Header) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, large(url))
	require.NoError(t, err)
	request.ContentLength = length
	request.Header = header.Clone()
	code, _, err := do(request)
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) {
		return http.StatusRequestEntityTooLarge // it has hung up on the rest of the body
	}
	require.NoError(t, err)
	return code
}

// endless is a text of spaces.
type endless struct{}

// Read implements io.Reader.
func (endless) Read(p []byte) (int, error) {
	return copy(p, bytes.Repeat([]byte{' '}, len(p))), nil
}

// compressionBombs are small, and large when they are decompressed.
func compressionBombs(t *testing.T, w *world) {
	t.Helper()
	w.each(t, func(t *testing.T, p *program) {
		t.Helper()
		product := harness.PushedProducts[0]
		l := listener{port: p.Ports.OTLPHTTP}
		targets := []string{p.PushURL(product.Product), "http://" + l.address() + "/v1/logs"}
		if p.hasLoki() {
			targets = append(targets, p.Loki.URL+"/otlp/v1/logs", p.Loki.URL+"/loki/api/v1/push")
		}
		for _, l := range p.listeners() {
			if l.path != "" { // who only tells something reads no body
				for _, code := range throw(t, "http://"+l.address()+l.path, "gzip", compressed(t, l.path, encodings["gzip"]), "") {
					assert.Contains(t, append(tooLargeCodes, http.StatusOK, http.StatusMethodNotAllowed), code, l.name)
				}
			}
		}
		for _, target := range targets {
			for encoding, compress := range encodings {
				bomb := compressed(t, target, compress)
				require.Less(t, len(bomb), tooLarge/16, encoding)
				for _, code := range throw(t, target, encoding, bomb, product.Secret) {
					assert.Contains(t, append(tooLargeCodes, http.StatusUnsupportedMediaType, http.StatusServiceUnavailable), code, "%s %s", target, encoding)
				}
			}
		}
		assert.Equal(t, codes.ResourceExhausted, exportLarge(t, p, grpc.UseCompressor(grpcgzip.Name)))
	})
}

// throw sends a bomb several times at once, and returns the answers' statuses.
func throw(t *testing.T, url, encoding string, bomb []byte, secret string) []int {
	t.Helper()
	answers, failures := make([]int, atOnce), make([]error, atOnce)
	var senders sync.WaitGroup
	for n := range atOnce {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, bytes.NewReader(bomb))
		require.NoError(t, err)
		request.Header = http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {encoding}, "X-Api-Key": {secret}}
		senders.Go(func() { answers[n], _, failures[n] = do(request) })
	}
	senders.Wait()
	require.NoError(t, errors.Join(failures...), "%s %s", url, encoding)
	return answers
}

// encodings are all that any of the listeners takes.
var encodings = map[string]func(io.Writer) (io.WriteCloser, error){
	"gzip":            func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
	"deflate":         func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil },
	"zlib":            func(w io.Writer) (io.WriteCloser, error) { return zlib.NewWriter(w), nil },
	"zstd":            func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) },
	"lz4":             func(w io.Writer) (io.WriteCloser, error) { return lz4.NewWriter(w), nil },
	"snappy":          func(w io.Writer) (io.WriteCloser, error) { return &snappyBlock{to: w}, nil },
	"x-snappy-framed": func(w io.Writer) (io.WriteCloser, error) { return snappy.NewBufferedWriter(w), nil },
}

// snappyBlock writes everything as one block, as the encoding snappy has it.
type snappyBlock struct {
	bytes.Buffer
	to io.Writer
}

// Close implements io.Closer.
func (s *snappyBlock) Close() error {
	_, err := s.to.Write(snappy.Encode(nil, s.Bytes()))
	return err
}

func compressed(t *testing.T, target string, compress func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var small bytes.Buffer
	writer, err := compress(&small)
	require.NoError(t, err)
	_, err = io.Copy(writer, large(target))
	require.NoError(t, err)
	require.NoError(t, writer.Close())
	return small.Bytes()
}

// exportLarge sends a record that is too large by gRPC.
func exportLarge(t *testing.T, p *program, options ...grpc.CallOption) codes.Code {
	t.Helper()
	logs := oneRecord("large", nil)
	logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Body().SetStr(strings.Repeat(" ", tooLarge))
	_, err := plogotlp.NewGRPCClient(dialOTLP(t, p.Installation)).Export(t.Context(), plogotlp.NewExportRequestFromLogs(logs), options...)
	return status.Code(err)
}
