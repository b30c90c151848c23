// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package soql asks Salesforce queries over REST.
package soql // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/apiclient"
)

const (
	// maxPage bounds the answer for one page, of at most 2,000 rows.
	maxPage = 16 << 20
	// maxPages bounds a query. What is not read comes with the next poll.
	maxPages = 50
)

// API sends requests to Salesforce.
type API interface {
	Do(ctx context.Context, request apiclient.Request) (*apiclient.Response, error)
}

// Literal writes a time as SOQL wants it, which is not how REST answers.
// Source: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm
func Literal(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }

// ParseTime reads a time as REST answers it, 2026-06-30T01:00:00.000+0000, or in the form
// of RFC 3339. It is zero for what is neither.
func ParseTime(text string) time.Time {
	for _, layout := range [...]string{"2006-01-02T15:04:05.999Z0700", time.RFC3339Nano} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC()
		}
	}
	return time.Time{}
}

// Querier asks queries in one version of the API, such as v66.0.
type Querier struct {
	API     API
	Version string
}

// Rows are the answer's.
type Rows[T any] struct {
	Records []T
	// ServerTime is Salesforce's own time when it answered; zero where it did not tell.
	ServerTime time.Time
	// Complete is false where there are more rows than are read at once.
	Complete bool
}

// page is what is read of an answer.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm
type page[T any] struct {
	Done           *bool  `json:"done"`
	NextRecordsURL string `json:"nextRecordsUrl"`
	Records        []T    `json:"records"`
}

// ErrAnswer means that what was answered is none of a query's.
var ErrAnswer = errors.New("salesforce's answer is not that of a query")

// Query returns the rows of a query, from all its pages.
func Query[T any](ctx context.Context, q Querier, text string) (Rows[T], error) {
	var rows Rows[T]
	path := "/services/data/" + q.Version + "/query"
	request := apiclient.Request{Path: path, Query: url.Values{"q": {text}}, MaxBody: maxPage}
	for range maxPages {
		answer, header, err := ask[T](ctx, q.API, request)
		if err != nil {
			return Rows[T]{}, err
		}
		if rows.ServerTime.IsZero() {
			rows.ServerTime = serverTime(header)
		}
		rows.Records = append(rows.Records, answer.Records...)
		if *answer.Done {
			rows.Complete = true
			return rows, nil
		}
		if !strings.HasPrefix(answer.NextRecordsURL, path+"/") {
			return Rows[T]{}, fmt.Errorf("%w: the next page is not below %s", ErrAnswer, path)
		}
		request = apiclient.Request{Path: answer.NextRecordsURL, MaxBody: maxPage}
	}
	return rows, nil
}

func ask[T any](ctx context.Context, api API, request apiclient.Request) (page[T], http.Header, error) {
	response, err := api.Do(ctx, request)
	if err != nil {
		return page[T]{}, nil, Classify(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return page[T]{}, nil, err
	}
	var answer page[T]
	if json.Unmarshal(body, &answer) != nil {
		// Salesforce shows a page for people while it is being maintained. The decoder's
		// error would quote it.
		return page[T]{}, nil, ErrAnswer
	}
	if answer.Done == nil || !*answer.Done && answer.NextRecordsURL == "" {
		return page[T]{}, nil, ErrAnswer
	}
	return answer, response.Header, nil
}

func serverTime(header http.Header) time.Time {
	at, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at
}
