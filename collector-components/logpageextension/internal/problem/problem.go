// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package problem answers requests of programs that cannot be fulfilled, as RFC 9457 says.
package problem // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"

import (
	"encoding/json"
	"net/http"
)

// Problem is what went wrong with a request.
type Problem struct {
	// Type says what kind of problem it is. The only one is the status itself.
	Type string `json:"type"`
	// Title is the status in words.
	Title string `json:"title"`
	// Status is that of the answer.
	Status int `json:"status"`
	// Detail says what was wrong and what would be right.
	Detail string `json:"detail"`
	// Parameter is the query parameter at fault, if one is.
	Parameter string `json:"parameter,omitempty"`
}

// ContentType is that of a problem.
const ContentType = "application/problem+json"

// Write answers with a problem. Parameter is empty where none is at fault.
func Write(w http.ResponseWriter, status int, detail, parameter string) {
	body, err := json.Marshal(Problem{"about:blank", http.StatusText(status), status, detail, parameter})
	if err != nil {
		http.Error(w, detail, status)
		return
	}
	w.Header().Set("Content-Type", ContentType)
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever went away needs no answer
}
