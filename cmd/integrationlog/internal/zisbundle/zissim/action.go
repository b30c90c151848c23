// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zissim // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/itchyny/gojq"
)

const jqAction = "zis:common:transform:Jq"

// longestAnswer is how much of an answer is read.
const longestAnswer = 1 << 20

// action is the definition of an action that is sent over HTTP.
type action struct {
	Method          string `json:"method"`
	URL             string `json:"url"`
	URLPath         string `json:"url.$"`
	Path            string `json:"path"`
	Headers         []pair `json:"headers"`
	RequestBody     any    `json:"requestBody"`
	RequestBodyPath string `json:"requestBody.$"`
	ConnectionName  string `json:"connectionName"`
}

type pair struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func (r *runner) act(ctx context.Context, s state, data any) (any, error) {
	rendered, err := render(s.Parameters, data, false)
	if err != nil {
		return nil, err
	}
	parameters, _ := rendered.(map[string]any)
	if s.ActionName == jqAction {
		return transform(ctx, parameters)
	}
	if result, known := r.options.BuiltIns[s.ActionName]; known {
		return clone(result)
	}
	a, known := r.actions[actionOf(s.ActionName)]
	if !known {
		return nil, fmt.Errorf("there is no action %q in the bundle, nor in BuiltIns", s.ActionName)
	}
	return r.send(ctx, a, parameters)
}

// transform is the built-in action that runs jq; its data may be a text of JSON.
func transform(ctx context.Context, parameters map[string]any) (any, error) {
	expression, _ := parameters["expr"].(string)
	query, err := gojq.Parse(expression)
	if err != nil {
		return nil, &runtimeError{cause: "jq: " + err.Error()}
	}
	data := parameters["data"]
	if text, ok := data.(string); ok {
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			return nil, &runtimeError{cause: "jq: its data are not JSON: " + err.Error()}
		}
	}
	result, ok := query.RunWithContext(ctx, data).Next()
	if !ok {
		return nil, &runtimeError{cause: "jq: no result"}
	}
	if err, failed := result.(error); failed {
		return nil, &runtimeError{cause: "jq: " + err.Error()}
	}
	return clone(result)
}

// send sends the request of an action, whose placeholders see the parameters only.
func (r *runner) send(ctx context.Context, a action, parameters map[string]any) (any, error) {
	request, err := r.request(ctx, a, parameters)
	if err != nil {
		return nil, err
	}
	response, err := r.options.Client.Do(request)
	if err != nil {
		return nil, &runtimeError{cause: "external action failed: " + err.Error()}
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, longestAnswer))
	if err != nil {
		return nil, &runtimeError{cause: "external action failed: " + err.Error()}
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, &runtimeError{
			cause:  fmt.Sprintf("external action failed due to status code: %d", response.StatusCode),
			status: response.StatusCode,
		}
	}
	var result any
	if json.Unmarshal(answer, &result) != nil {
		return map[string]any{"__httpresponse": string(answer)}, nil
	}
	return result, nil
}

func (r *runner) request(ctx context.Context, a action, parameters map[string]any) (*http.Request, error) {
	address, err := fill(a.address(), parameters)
	if err != nil {
		return nil, err
	}
	body, err := a.body(parameters)
	if err != nil {
		return nil, err
	}
	endpoint, err := r.endpoint(fmt.Sprint(address))
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, a.Method, endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("the action: %w", err)
	}
	for _, header := range a.Headers {
		value, err := fill(header.Value, parameters)
		if err != nil {
			return nil, err
		}
		request.Header.Set(header.Key, plain(value))
	}
	if authorization := r.options.Connections[a.ConnectionName]; authorization != "" {
		request.Header.Set("Authorization", authorization)
	}
	return request, nil
}

func (a action) address() string {
	switch {
	case a.URLPath != "":
		return a.URLPath
	case a.URL != "":
		return a.URL
	}
	return "https://SUBDOMAIN.zendesk.com" + a.Path
}

func (a action) body(parameters map[string]any) ([]byte, error) {
	body := a.RequestBody
	var err error
	if a.RequestBodyPath != "" {
		body, err = at(parameters, a.RequestBodyPath)
	} else {
		body, err = render(body, parameters, true)
	}
	if err != nil || body == nil {
		return nil, err
	}
	return json.Marshal(body)
}

// endpoint sends to where a host really is, and never to the internet.
func (r *runner) endpoint(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", &runtimeError{cause: "external action failed: " + err.Error()}
	}
	base, known := r.options.Endpoints[parsed.Scheme+"://"+parsed.Host]
	if !known {
		return "", &runtimeError{cause: "external action failed: no such host " + parsed.Host}
	}
	parsed.Scheme, parsed.Host = "", ""
	return base + parsed.String(), nil
}
