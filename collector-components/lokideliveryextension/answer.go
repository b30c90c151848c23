// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
)

// newAnswer makes an answer to the exporter, which shows the message in its log.
func newAnswer(req *http.Request, code int, message string) *http.Response {
	var body []byte
	if message != "" {
		// A message that cannot be encoded is left out: the code is what matters.
		body, _ = proto.Marshal(&status.Status{Message: strings.ToValidUTF8(message, "")})
	}
	return &http.Response{
		Status:        strconv.Itoa(code) + " " + http.StatusText(code),
		StatusCode:    code,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        http.Header{"Content-Type": {"application/x-protobuf"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       req,
	}
}

// later answers in a way that makes the exporter send the push again.
func later(req *http.Request, message string) *http.Response {
	return newAnswer(req, http.StatusServiceUnavailable, message)
}

// stored answers as Loki does when it has everything.
func stored(req *http.Request) *http.Response {
	return newAnswer(req, http.StatusNoContent, "")
}

// withBody gives an answer the body back that was read from it.
func withBody(resp *http.Response, body []byte) *http.Response {
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp
}
