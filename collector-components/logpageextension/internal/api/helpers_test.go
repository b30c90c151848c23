// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap/zaptest"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activitiestest"
)

// now is the time of the tests.
var now = time.Date(2026, 11, 27, 12, 34, 56, 0, time.UTC)

func nowIs() time.Time { return now }

func week() *activitiestest.Log { return activitiestest.New(nowIs, activitiestest.Week(now)...) }

func newAPI(t *testing.T, reader activities.Reader) *API {
	t.Helper()
	return New(reader, zaptest.NewLogger(t), nowIs)
}

// description is openapi.yaml, and what finds the part of it that a request is of.
type description struct{ router routers.Router }

// load reads the description once: with the race detector that takes a while.
var load = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromData(openAPI)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	return gorillamux.NewRouter(doc)
})

func describedAPI(t *testing.T) description {
	t.Helper()
	router, err := load()
	require.NoError(t, err)
	return description{router}
}

// holds fails unless an answer is as described. The text of a file is a plain string to it.
func (d description) holds(t *testing.T, request *http.Request, answer answered, body []byte) {
	t.Helper()
	route, path, err := d.router.FindRoute(request)
	require.NoError(t, err)
	for _, file := range []string{"text/csv", "application/jsonl", "application/yaml"} {
		openapi3filter.RegisterBodyDecoder(file, openapi3filter.FileBodyDecoder)
	}
	asked := &openapi3filter.RequestValidationInput{Request: request, PathParams: path, Route: route}
	if answer.StatusCode == http.StatusOK {
		require.NoError(t, openapi3filter.ValidateRequest(t.Context(), asked), "what is answered is described")
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: asked,
		Status:                 answer.StatusCode,
		Header:                 answer.Header,
		Options:                &openapi3filter.Options{IncludeResponseStatus: true},
	}
	input.SetBodyBytes(body)
	require.NoError(t, openapi3filter.ValidateResponse(t.Context(), input), "%s: %s", request.URL, body)
}

// answered is what an answer says beside its body.
type answered struct {
	StatusCode int
	Header     http.Header
}

// get asks an API and holds the answer against the description.
func get(t *testing.T, api http.Handler, target string) (answer answered, body []byte) {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, Prefix+target, http.NoBody)
	recorder := httptest.NewRecorder()
	api.ServeHTTP(recorder, request)
	answer, body = answered{recorder.Code, recorder.Header()}, recorder.Body.Bytes()
	describedAPI(t).holds(t, request, answer, body)
	return answer, body
}

// getJSON is get of what has to succeed.
func getJSON[T any](t *testing.T, api http.Handler, target string) T {
	t.Helper()
	answer, body := get(t, api, target)
	require.Equal(t, http.StatusOK, answer.StatusCode, "%s", body)
	var read T
	require.NoError(t, json.Unmarshal(body, &read))
	return read
}
