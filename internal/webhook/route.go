// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"golang.org/x/sync/semaphore"
)

// retryAfter is what a vendor is asked to wait, in seconds, where it listens.
const retryAfter = "5"

// bodiesAtOnce bounds the memory that bodies of requests in flight may take, in
// bytes; more wait for their turn. It holds at least two bodies of the largest size.
const bodiesAtOnce = 64 << 20

var errNotRunning = errors.New("the receiver does not run")

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

// buffers keeps the memory of bodies; large ones are left to the collector.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const largestKeptBuffer = 1 << 20

func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	received := time.Now()
	ctx := rt.obsreport.StartLogsOp(r.Context())
	outcome, activities, err := rt.serve(ctx, w, r, received)
	rt.obsreport.EndLogsOp(ctx, rt.id.Type().String(), activities, err)
	if outcome != Accepted {
		rt.metrics.rejected(ctx, outcome)
	}
	rt.reply(w, outcome)
}

// serve returns the outcome, the number of activities that the request brought,
// and why they were not accepted.
func (rt *route) serve(ctx context.Context, w http.ResponseWriter, r *http.Request, received time.Time) (Outcome, int, error) {
	if !rt.enter() {
		return NotRunning, 0, errNotRunning
	}
	defer rt.inFlight.Done()
	if r.Method != http.MethodPost {
		return MethodNotAllowed, 0, errors.New("method is not POST")
	}
	ctx, cancel := context.WithDeadline(ctx, received.Add(rt.config.Timeout))
	defer cancel()

	body := buffers.Get().(*bytes.Buffer)
	body.Reset()
	defer func() {
		if body.Cap() <= largestKeptBuffer {
			buffers.Put(body)
		}
	}()
	release, outcome, err := rt.read(ctx, w, r, body)
	defer release()
	if err != nil {
		return outcome, 0, err
	}
	if !rt.source.Verify(r.Header, body.Bytes()) {
		return Unauthorized, 0, errors.New("missing or wrong credential")
	}
	if !isJSON(r.Header) {
		return UnsupportedMediaType, 0, errors.New("content type is not JSON")
	}
	delivery, err := rt.source.Parse(r.Header, body.Bytes(), received)
	if err != nil {
		rt.intake.reportMalformed(err)
		return Malformed, 0, err
	}
	outcome, err = rt.intake.accept(ctx, delivery, received)
	return outcome, len(delivery.Activities), err
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

// read reads the body within the route's limits. The caller releases its memory.
func (rt *route) read(ctx context.Context, w http.ResponseWriter, r *http.Request, body *bytes.Buffer) (release func(), outcome Outcome, err error) {
	limit := rt.config.ServerConfig.MaxRequestBodySize
	size := r.ContentLength
	if size > limit {
		return func() {}, TooLarge, errors.New("body is larger than max_request_body_size")
	}
	if size < 0 {
		size = limit
	}
	if err := rt.bodies.Acquire(ctx, size); err != nil {
		return func() {}, Overload, errors.New("too many large requests at once")
	}
	release = func() { rt.bodies.Release(size) }

	if deadline, ok := ctx.Deadline(); ok {
		// Not every writer can set a deadline; the server's own timeouts hold then.
		_ = http.NewResponseController(w).SetReadDeadline(deadline)
	}
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, limit)); err != nil {
		return release, readOutcome(err), readError(err)
	}
	return release, Accepted, nil
}

func readOutcome(err error) Outcome {
	var tooLarge *http.MaxBytesError
	var network net.Error
	switch {
	case errors.As(err, &tooLarge):
		return TooLarge
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return Slow
	default:
		return Malformed
	}
}

// readError leaves out the error's own text: a decoder may quote the body.
func readError(err error) error {
	switch readOutcome(err) {
	case TooLarge:
		return errors.New("body is larger than max_request_body_size")
	case Slow:
		return errors.New("body did not arrive in time")
	default:
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return errors.New("body ended early")
		}
		return errors.New("body cannot be read")
	}
}

// isJSON accepts application/json, any type that ends in +json, and none at all.
func isJSON(header http.Header) bool {
	contentType := header.Get("Content-Type")
	if contentType == "application/json" || contentType == "" {
		return true
	}
	mediaType, _, err := mime.ParseMediaType(contentType)
	return err == nil && (mediaType == "application/json" || strings.HasSuffix(mediaType, "+json"))
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
