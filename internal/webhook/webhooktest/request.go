// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Request is what a vendor posts.
type Request struct {
	Header http.Header
	Body   []byte
}

// With returns a copy with another header; without values the header is left out. What
// there was of it goes, in whatever case it is written.
func (q Request) With(name string, values ...string) Request {
	header := q.Header.Clone()
	maps.DeleteFunc(header, func(given string, _ []string) bool { return strings.EqualFold(given, name) })
	if len(values) > 0 {
		header[http.CanonicalHeaderKey(name)] = values
	}
	return Request{Header: header, Body: q.Body}
}

// Reply is what the vendor gets to see.
type Reply struct {
	Code   int
	Header http.Header
	Body   string
}

// Post posts a request.
func (r *Running) Post(tb testing.TB, q Request) Reply {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, r.URL, bytes.NewReader(q.Body))
	require.NoError(tb, err)
	request.Header = q.Header
	return r.Do(tb, request)
}

// Do sends a request as it is.
func (r *Running) Do(tb testing.TB, request *http.Request) Reply {
	tb.Helper()
	response, err := r.client.Do(request)
	require.NoError(tb, err)
	defer func() { require.NoError(tb, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(tb, err)
	return Reply{Code: response.StatusCode, Header: response.Header, Body: string(body)}
}

// Fixtures returns the directories below a directory of testdata, of which there has to
// be at least one.
func Fixtures(tb testing.TB, directory string) []string {
	tb.Helper()
	directories, err := filepath.Glob(filepath.Join("testdata", directory, "*"))
	require.NoError(tb, err)
	require.NotEmpty(tb, directories)
	return directories
}

// ReadFile reads a file of a fixture.
func ReadFile(tb testing.TB, directory, name string) []byte {
	tb.Helper()
	content, err := os.ReadFile(filepath.Join(directory, name))
	require.NoError(tb, err)
	return content
}
