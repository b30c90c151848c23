// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

// client is for everything but webhooks.
var client = &http.Client{Timeout: 30 * time.Second}

func get(ctx context.Context, url string) (code int, err error) {
	response, err := do(ctx, http.MethodGet, url)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}

func do(ctx context.Context, method, url string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	return client.Do(request)
}

// body returns the body of a 2xx, and an error that quotes the body of anything else.
func body(response *http.Response) ([]byte, error) {
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		return nil, fmt.Errorf("%s: %.300s", response.Status, text)
	}
	return text, nil
}
