// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"context"
	"mime"
	"net/http"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"golang.org/x/sync/semaphore"
)

// retryAfter is what a vendor is asked to wait, in seconds, where it listens.
const retryAfter = "5"

var (
	errNotRunning   = &rejection{NotRunning, "the receiver does not run"}
	errMethod       = &rejection{MethodNotAllowed, "the method is not POST"}
	errUnauthorized = &rejection{Unauthorized, "the credential is missing or wrong"}
	errMediaType    = &rejection{UnsupportedMediaType, "the content type is not JSON"}
)

// route is one receiver's path on a listener.
type route struct {
	id        component.ID
	config    *Config
	telemetry component.TelemetrySettings
	source    Source
	intake    *intake
	obsreport *receiverhelper.ObsReport
	metrics   *metrics
	health    *health
	bodies    *semaphore.Weighted

	// running and the additions to inFlight are guarded by mu, so that no request
	// is added while they are waited for.
	mu       sync.Mutex
	running  bool
	inFlight sync.WaitGroup
}

// result is how a request ended, and what it had to do with the pipeline.
type result struct {
	outcome Outcome
	// handedOver is the number of activities that were given to the pipeline; those
	// that were accepted before are not.
	handedOver int
	// err is why they were not accepted.
	err error
}

func rejected(r *rejection) result {
	return result{outcome: r.outcome, err: r}
}

func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received := time.Now()
	limitReading(w, received.Add(rt.config.Timeout))
	ctx := rt.obsreport.StartLogsOp(r.Context())
	rt.finish(ctx, w, rt.serve(ctx, w, r, received))
}

// refuse answers a request that the listener's own authentication did not let in.
func (rt *route) refuse(w http.ResponseWriter, r *http.Request) {
	limitReading(w, time.Now().Add(rt.config.Timeout))
	rt.finish(rt.obsreport.StartLogsOp(r.Context()), w, rejected(errUnauthorized))
}

func (rt *route) finish(ctx context.Context, w http.ResponseWriter, result result) {
	rt.obsreport.EndLogsOp(ctx, rt.id.Type().String(), result.handedOver, result.err)
	if result.outcome != Accepted {
		rt.metrics.rejected(ctx, result.outcome)
	}
	rt.reply(w, result.outcome)
}

func (rt *route) serve(ctx context.Context, w http.ResponseWriter, r *http.Request, received time.Time) result {
	if !rt.enter() {
		return rejected(errNotRunning)
	}
	defer rt.inFlight.Done()
	if r.Method != http.MethodPost {
		return rejected(errMethod)
	}
	body, rejection := rt.read(w, r)
	defer body.release()
	if rejection != nil {
		return rejected(rejection)
	}
	if !rt.source.Verify(r.Header, body.bytes()) {
		return rejected(errUnauthorized)
	}
	if !isJSON(r.Header) {
		return rejected(errMediaType)
	}
	delivery, err := rt.source.Parse(r.Header, body.bytes(), received)
	rt.intake.reportUnreadable(ctx, delivery.Unreadable)
	if err != nil {
		rt.intake.reportMalformed(err)
		return result{outcome: Malformed, err: err}
	}
	ctx, cancel := context.WithDeadline(ctx, received.Add(rt.config.Timeout))
	defer cancel()
	return rt.intake.accept(ctx, delivery, received)
}

func (rt *route) setRunning(running bool) (before bool) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	before, rt.running = rt.running, running
	return before
}

func (rt *route) isRunning() bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return rt.running
}

// enter counts the request in, unless the route does not run.
func (rt *route) enter() bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.running {
		rt.inFlight.Add(1)
	}
	return rt.running
}

// limitReading bounds how long the request may take to arrive. It is set even where
// nothing is read: net/http itself reads what is left of a body before it answers,
// and a sender that never ends it would hold its connection, and a shutdown, for ever.
func limitReading(w http.ResponseWriter, deadline time.Time) {
	// Only a writer that is none of net/http's own cannot do it.
	_ = http.NewResponseController(w).SetReadDeadline(deadline)
}

// isJSON accepts application/json, any type that ends in +json, what newline-delimited
// JSON is called, and none at all.
func isJSON(header http.Header) bool {
	contentType := header.Get("Content-Type")
	if contentType == "application/json" || contentType == "" {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json") || isNewlineDelimited(mediaType))
}

// isNewlineDelimited knows the names that newline-delimited JSON goes by; none is
// registered.
func isNewlineDelimited(mediaType string) bool {
	switch mediaType {
	case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/jsonlines":
		return true
	default:
		return false
	}
}

// IsNewlineDelimited tells whether a request says that its body is newline-delimited
// JSON.
func IsNewlineDelimited(header http.Header) bool {
	mediaType, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	return err == nil && isNewlineDelimited(mediaType)
}

func (rt *route) reply(w http.ResponseWriter, outcome Outcome) {
	code := rt.source.Reply(outcome)
	switch code {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		w.Header().Set("Retry-After", retryAfter)
	}
	if code < http.StatusBadRequest {
		w.WriteHeader(code)
		return
	}
	// The text is the code's own: whoever is not let in learns nothing from it.
	http.Error(w, http.StatusText(code), code)
}
