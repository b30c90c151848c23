// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth // import "github.com/integrationlog/integrationlog/internal/oauth"

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
)

// sender completes the requests of the library.
type sender struct {
	next      http.RoundTripper
	userAgent string
	// asJSON sends the form as a JSON object.
	asJSON bool
}

// RoundTrip sends a copy of the request.
func (s *sender) RoundTrip(request *http.Request) (*http.Response, error) {
	out := request.Clone(request.Context())
	out.Header.Set("Accept", "application/json")
	if s.userAgent != "" {
		out.Header.Set("User-Agent", s.userAgent)
	}
	if s.asJSON {
		if err := toJSON(out); err != nil {
			return nil, err
		}
	}
	return s.next.RoundTrip(out)
}

func toJSON(request *http.Request) error {
	defer request.Body.Close()
	content, err := io.ReadAll(request.Body)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(content))
	if err != nil {
		return err
	}
	object := make(map[string]string, len(form))
	for name := range form {
		object[name] = form.Get(name)
	}
	content, err = json.Marshal(object)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Body = io.NopCloser(bytes.NewReader(content))
	request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
	request.ContentLength = int64(len(content))
	return nil
}
