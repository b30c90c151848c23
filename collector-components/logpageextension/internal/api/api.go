// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package api answers programs: the HTTP API of the log, and its export. openapi.yaml says
// what it takes and gives; a test holds every kind of answer against it.
package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	_ "embed"
	"net/http"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
)

// Prefix is where the API is.
const Prefix = "/api/v1/"

//go:embed openapi.yaml
var openAPI []byte

// API is the handler of everything below [Prefix].
type API struct {
	reader  activities.Reader
	logger  *zap.Logger
	now     func() time.Time
	exports chan struct{}
	mux     *http.ServeMux
}

// New returns the API of what a reader reads. Only GET and HEAD may reach it.
func New(reader activities.Reader, logger *zap.Logger, now func() time.Time) *API {
	a := &API{reader: reader, logger: logger, now: now, exports: make(chan struct{}, maxExports), mux: http.NewServeMux()}
	a.mux.HandleFunc(Prefix+"activities", a.activities)
	a.mux.HandleFunc(Prefix+"products", a.products)
	a.mux.HandleFunc(Prefix+"export", a.export)
	a.mux.HandleFunc(Prefix+"openapi.yaml", describe)
	a.mux.HandleFunc("/", unknown)
	return a
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

func describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	_, _ = w.Write(openAPI) // whoever went away needs no answer
}

func unknown(w http.ResponseWriter, _ *http.Request) {
	problem.Write(w, http.StatusNotFound, "There is nothing here; "+Prefix+"openapi.yaml says what there is.", "")
}
