// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package endpoint

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// JSON writes a value as JSON.
func JSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// A client that is gone is no fault of the vendor.
	_, _ = w.Write(body)
}

// Status answers with a status code and a body of the given type.
func Status(status int, contentType, body string) Answer {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// RetryAfter lets another answer come with a Retry-After header, in whole seconds.
func RetryAfter(delay time.Duration, answer Answer) Answer {
	return func(w http.ResponseWriter, r *http.Request, vendor http.Handler) {
		w.Header().Set("Retry-After", strconv.Itoa(int(delay/time.Second)))
		answer(w, r, vendor)
	}
}

// Slow lets the vendor's own answer come late, or never, if the client gives up first.
func Slow(delay time.Duration) Answer {
	return func(w http.ResponseWriter, r *http.Request, vendor http.Handler) {
		timer := time.NewTimer(delay)
		defer timer.Stop()
		select {
		case <-timer.C:
			vendor.ServeHTTP(w, r)
		case <-r.Context().Done():
		}
	}
}

// HalfWritten sends the first half of the vendor's own answer, and then cuts the
// connection: the length that was announced never comes.
func HalfWritten() Answer {
	return func(w http.ResponseWriter, r *http.Request, vendor http.Handler) {
		whole := kept{header: http.Header{}, status: http.StatusOK}
		vendor.ServeHTTP(&whole, r)
		maps.Copy(w.Header(), whole.header)
		w.Header().Set("Content-Length", strconv.Itoa(whole.body.Len()))
		w.WriteHeader(whole.status)
		_, _ = w.Write(whole.body.Bytes()[:whole.body.Len()/2])
		// What was written has to be on its way before the connection goes.
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// Broken cuts the connection without an answer.
func Broken() Answer {
	return func(http.ResponseWriter, *http.Request, http.Handler) { panic(http.ErrAbortHandler) }
}

// Redirect sends the client to the same path and query at another address.
func Redirect(address string) Answer {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		//nolint:gosec // sending clients elsewhere is what this fault is for
		http.Redirect(w, r, address+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	}
}

// kept is an answer that is not sent yet.
type kept struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header { return k.header }

func (k *kept) WriteHeader(status int) { k.status = status }

func (k *kept) Write(p []byte) (int, error) { return k.body.Write(p) }
