// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// exchangeTimeout bounds an exchange.
const exchangeTimeout = 30 * time.Second

// Exchange posts with a length that may be wrong, and reads the answer while it is
// still writing, as whoever is turned away early has to. A negative length stands
// for chunks.
func (r *Running) Exchange(tb testing.TB, q Request, length int64) (code int) {
	tb.Helper()
	address, err := url.Parse(r.URL)
	require.NoError(tb, err)
	conn, err := new(net.Dialer).DialContext(tb.Context(), "tcp", address.Host)
	require.NoError(tb, err)
	require.NoError(tb, conn.SetDeadline(time.Now().Add(exchangeTimeout)))

	var head bytes.Buffer
	fmt.Fprintf(&head, "POST %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", address.Path, address.Host)
	require.NoError(tb, q.Header.Write(&head))
	written := make(chan struct{})
	go func() {
		defer close(written)
		write(conn, head.Bytes(), q.Body, length)
	}()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(tb, err)
	require.NoError(tb, response.Body.Close())
	require.NoError(tb, conn.Close())
	<-written
	return response.StatusCode
}

// write ignores errors: what is written may be cut off, and the answer tells.
func write(conn net.Conn, head, body []byte, length int64) {
	if length < 0 {
		_, _ = fmt.Fprintf(conn, "%sTransfer-Encoding: chunked\r\n\r\n", head)
		chunks := httputil.NewChunkedWriter(conn)
		_, _ = chunks.Write(body)
		_ = chunks.Close()
		_, _ = fmt.Fprint(conn, "\r\n")
		return
	}
	_, _ = fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n", head, length)
	_, _ = conn.Write(body)
	if length > int64(len(body)) {
		_ = conn.(*net.TCPConn).CloseWrite()
	}
}

// Gzip compresses a body.
func Gzip(tb testing.TB, body []byte) []byte {
	tb.Helper()
	var zipped bytes.Buffer
	writer := gzip.NewWriter(&zipped)
	_, err := writer.Write(body)
	require.NoError(tb, err)
	require.NoError(tb, writer.Close())
	return zipped.Bytes()
}
