// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

const (
	// maxExports bounds the exports at a time, and with it what they ask of the store.
	maxExports = 4
	// exportBuffer is what is held of an export, in bytes, until it is sent.
	exportBuffer = 32 << 10

	formatParameter = "format"
)

// format is a way to write activities one after the other.
type format struct {
	contentType string
	begin       func(io.Writer) error
	write       func(io.Writer, activity) error
}

// formats are the values of the parameter format; they are the files' extensions, too.
var formats = map[string]format{
	"csv":   {"text/csv; charset=utf-8; header=present", beginCSV, writeCSV},
	"jsonl": {"application/jsonl", func(io.Writer) error { return nil }, writeJSONL},
}

func writeJSONL(w io.Writer, a activity) error {
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = w.Write(append(line, '\n'))
	return err
}

func (a *API) export(w http.ResponseWriter, r *http.Request) {
	view, ok := read(w, r, append([]string{formatParameter}, filters...))
	if !ok {
		return
	}
	extension := r.URL.Query().Get(formatParameter)
	format, ok := formats[extension]
	if !ok {
		problem.Write(w, http.StatusBadRequest, "The format is csv or jsonl.", formatParameter)
		return
	}
	if !r.ProtoAtLeast(1, 1) {
		problem.Write(w, http.StatusHTTPVersionNotSupported,
			"An export that broke off looks like a whole one to HTTP/1.0: ask with HTTP/1.1 or later (with nginx in front, proxy_http_version 1.1).", "")
		return
	}
	select {
	case a.exports <- struct{}{}:
		defer func() { <-a.exports }()
	default:
		w.Header().Set("Retry-After", retryAfter)
		problem.Write(w, http.StatusServiceUnavailable, fmt.Sprintf("There are %d exports already: try again later.", maxExports), "")
		return
	}
	a.stream(w, r, view, extension, format)
}

// stream writes all activities as they are read, newest first. What broke off must not look
// whole, so the connection is then broken off, too.
func (a *API) stream(w http.ResponseWriter, r *http.Request, view state.View, extension string, format format) {
	filter := view.Filter(a.now())
	out := bufio.NewWriterSize(w, exportBuffer)
	begun := false
	begin := func() error {
		begun = true
		w.Header().Set("Content-Type", format.contentType)
		w.Header().Set("Content-Disposition", `attachment; filename="`+fileName(filter, extension)+`"`)
		w.WriteHeader(http.StatusOK)
		return format.begin(out)
	}
	for read, err := range a.reader.All(r.Context(), filter) {
		if err == nil && !begun {
			err = begin()
			if err == nil && r.Method == http.MethodHead {
				return
			}
		}
		if err == nil {
			err = format.write(out, newActivity(read, view.Zone))
		}
		if err != nil {
			if !begun {
				a.fail(w, view, err)
				return
			}
			panic(http.ErrAbortHandler)
		}
	}
	if !begun {
		_ = begin() // the buffer keeps its error for Flush
	}
	if r.Context().Err() != nil || out.Flush() != nil {
		panic(http.ErrAbortHandler)
	}
}

// fileName tells files of different times apart, and is safe on every system.
func fileName(filter activities.Filter, extension string) string {
	const layout = "20060102T1504Z"
	return "integration-log_" + asUTC(filter.Start, layout) + "_" + asUTC(filter.End, layout) + "." + extension
}

func asUTC(t time.Time, layout string) string { return t.UTC().Format(layout) }
