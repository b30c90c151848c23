// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package wire

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func TestPost(t *testing.T) {
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+r.Header.Get("X-Id")+" "+string(body))
		switch r.URL.Path {
		case "/refused":
			http.Error(w, "no", http.StatusServiceUnavailable)
		case "/chunked":
			w.(http.Flusher).Flush()
		}
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	c, err := Dial(t.Context(), address)
	require.NoError(t, err)
	defer func() { assert.NoError(t, c.Close()) }()

	code, err := c.Post(Request(address, "/taken", "X-Id: 1\r\n", []byte("one")))
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, code)
	code, err = c.Post(Request(address, "/refused", "", []byte("two")))
	require.NoError(t, err)
	assert.Equal(t, http.StatusServiceUnavailable, code)
	assert.Equal(t, []string{"POST /taken 1 one", "POST /refused  two"}, got)

	_, err = c.Post(Request(address, "/chunked", "", nil))
	require.ErrorIs(t, err, errAnswer, "a body whose length is not known is not read")
	server.CloseClientConnections()
	_, err = c.Post(Request(address, "/taken", "", nil))
	require.Error(t, err)
	server.Close()
	_, err = Dial(t.Context(), address)
	require.Error(t, err)
}
