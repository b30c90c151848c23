// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package senders

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
)

// maxAnswer is how much of an answer is kept.
const maxAnswer = 64 << 10

// Answer is what the receiver said.
type Answer struct {
	Status     int
	RetryAfter string
	Body       string
}

// Accepted tells whether the sender has done its part.
func (a Answer) Accepted() bool { return a.Status >= 200 && a.Status < 300 }

// target is where a sender posts to.
type target struct {
	// URL is the receiver's address, with its path.
	URL string
	// Client is what sends; http.DefaultClient if there is none.
	Client *http.Client
}

// post sends one body. The header is the sender's own: names stay as they are written.
func (t target) post(ctx context.Context, header http.Header, body []byte) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	request.Header = header
	client := t.Client
	if client == nil {
		client = http.DefaultClient
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return Answer{}, fmt.Errorf("answer of %s: %w", t.URL, err)
	}
	return Answer{response.StatusCode, response.Header.Get("Retry-After"), string(text)}, nil
}

// pick returns one of several, by number.
func pick[T any](list []T, n int) T { return list[n%len(list)] }
