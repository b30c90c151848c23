// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package check // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/check"

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/integrationlog/integrationlog/internal/lokiapi"
)

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 8 << 20

// Loki speaks to one over HTTP.
// Source: https://grafana.com/docs/loki/latest/reference/loki-http-api/
type Loki struct {
	// URL is its address, such as http://127.0.0.1:3100.
	URL string
	// QueryURL is where it answers queries, if that is another address.
	QueryURL string
	// Tenant goes to X-Scope-OrgID where it is not empty.
	Tenant string
	// Authorization goes to the header of that name where it is not empty.
	Authorization string
	Client        *http.Client
}

// statusError is an answer that is no success.
type statusError struct {
	code int
	text string
}

func (e *statusError) Error() string {
	return strings.TrimSpace(fmt.Sprintf("it answers %d %s", e.code, e.text))
}

func (l Loki) do(ctx context.Context, method, path, contentType string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, l.address(path), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if l.Tenant != "" {
		request.Header.Set("X-Scope-OrgID", l.Tenant)
	}
	if l.Authorization != "" {
		request.Header.Set("Authorization", l.Authorization)
	}
	response, err := l.Client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		return nil, &statusError{response.StatusCode, printable(answer, response)}
	}
	return answer, nil
}

// address is where the API has a path.
func (l Loki) address(path string) string {
	base := l.URL
	if l.QueryURL != "" && strings.HasPrefix(path, "/loki/api/") {
		base = l.QueryURL
	}
	return strings.TrimRight(base, "/") + path
}

// printable is the part of an answer that can be shown. On the OTLP path Loki
// answers in protobuf, with a text in it.
func printable(answer []byte, response *http.Response) string {
	return lokiapi.Excerpt(strings.ToValidUTF8(string(answer), ""), response, 300)
}

func (l Loki) ready(ctx context.Context) (string, error) {
	_, err := l.do(ctx, http.MethodGet, "/ready", "", nil)
	if status := new(statusError); errors.As(err, &status) && status.code != http.StatusServiceUnavailable {
		return "", unsureError{fmt.Sprintf("%v to GET /ready; what is in front of it may not let that through", err)}
	}
	if err != nil {
		return "", fmt.Errorf("%w; is it running, and is %s its address? --loki-url sets another", err, l.URL)
	}
	return l.URL, nil
}

func (l Loki) push(ctx context.Context, logs plog.Logs) error {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return err
	}
	_, err = l.do(ctx, http.MethodPost, "/otlp/v1/logs", "application/x-protobuf", body)
	return err
}

// stream is one result of a query: the labels and structured metadata, and the
// entries.
type stream struct {
	Labels map[string]string `json:"stream"`
	Values [][2]string       `json:"values"`
}

func (l Loki) query(ctx context.Context, logQL string, from, to time.Time) ([]stream, error) {
	parameters := url.Values{
		"query": {logQL}, "limit": {"100"},
		"start": {nanoseconds(from)}, "end": {nanoseconds(to)},
	}
	answer, err := l.do(ctx, http.MethodGet, "/loki/api/v1/query_range?"+parameters.Encode(), "", nil)
	if err != nil {
		return nil, err
	}
	var result struct {
		Data struct {
			Result []stream `json:"result"`
		} `json:"data"`
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		return nil, fmt.Errorf("its answer to a query is no answer of Loki: %w", err)
	}
	return result.Data.Result, nil
}

// series returns the label sets of the streams that a selector matches.
func (l Loki) series(ctx context.Context, selector string, from, to time.Time) ([]map[string]string, error) {
	parameters := url.Values{
		"match[]": {selector}, "start": {nanoseconds(from)}, "end": {nanoseconds(to)},
	}
	answer, err := l.do(ctx, http.MethodGet, "/loki/api/v1/series?"+parameters.Encode(), "", nil)
	if err != nil {
		return nil, err
	}
	var result struct {
		Data []map[string]string `json:"data"`
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		return nil, fmt.Errorf("its list of series is no answer of Loki: %w", err)
	}
	return result.Data, nil
}

// hide asks for the deletion of what a query selects; Loki hides it until then.
func (l Loki) hide(ctx context.Context, logQL string, from, to time.Time) error {
	parameters := url.Values{
		"query": {logQL}, "start": {strconv.FormatInt(from.Unix(), 10)}, "end": {strconv.FormatInt(to.Unix(), 10)},
	}
	_, err := l.do(ctx, http.MethodPost, "/loki/api/v1/delete?"+parameters.Encode(), "", nil)
	return err
}

// config returns Loki's own configuration as YAML.
func (l Loki) config(ctx context.Context) ([]byte, error) {
	return l.do(ctx, http.MethodGet, "/config", "", nil)
}

func nanoseconds(t time.Time) string {
	return strconv.FormatInt(t.UnixNano(), 10)
}
