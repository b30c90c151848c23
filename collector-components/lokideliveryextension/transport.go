// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/pushbody"
	"github.com/integrationlog/integrationlog/collector-components/lokideliveryextension/internal/verdict"
)

const (
	// logsPath ends the path of every push of log records.
	logsPath = "/v1/logs"
	// maxAnswer is how much of an answer is read.
	maxAnswer = 64 << 10
)

// transport delivers the pushes of one exporter.
type transport struct {
	*lokiDelivery
	next http.RoundTripper
}

var _ http.RoundTripper = (*transport)(nil)

// RoundTrip delivers a push. It answers with 503 whatever has to be sent again, because
// the exporter drops records on most other codes.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPost || !strings.HasSuffix(req.URL.Path, logsPath) {
		return t.next.RoundTrip(req)
	}
	push, err := pushbody.Read(req)
	if err != nil {
		return nil, err
	}
	d := &delivery{transport: t, req: req, whole: push.Plain, push: push}
	question, err := d.question()
	if err != nil {
		// A push that is no OTLP has no records to look up; Loki may say what it is.
		return d.send()
	}
	switch {
	case question.empty:
		return stored(req), nil
	case question.needed:
		return d.sendInDoubt(question)
	default:
		return d.send()
	}
}

// delivery is one push on its way.
type delivery struct {
	*transport
	req *http.Request
	// whole is the body as the exporter sends it each time, by which a push is known.
	whole []byte
	// push is what is sent: without the records that Loki has.
	push pushbody.Push
}

// send sends the push and judges the answer.
func (d *delivery) send() (*http.Response, error) {
	ctx, mayBeSent := traceConnection(d.req.Context())
	resp, err := d.next.RoundTrip(d.push.Apply(d.req.WithContext(ctx)))
	if err != nil {
		if mayBeSent(err) {
			d.doubts.Add(d.whole)
		}
		d.health.failed("connection", err.Error())
		return nil, err
	}
	defer resp.Body.Close()
	// What is missing of an answer changes no verdict but that on a 200, which then is
	// no success.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))

	switch verdict.Judge(resp.StatusCode, resp.Header, body, d.push.Type) {
	case verdict.Stored:
		d.settled()
		return withBody(resp, body), nil
	case verdict.Refused:
		return d.refused(resp, body)
	default:
		return d.postponed(resp, body), nil
	}
}

// settled notes that nothing of this push is open.
func (d *delivery) settled() {
	d.doubts.Remove(d.whole)
	d.health.succeeded()
}

// postponed answers so that the push is sent again.
func (d *delivery) postponed(resp *http.Response, body []byte) *http.Response {
	code := resp.StatusCode
	if verdict.MaybeStored(code) {
		d.doubts.Add(d.whole)
	} else {
		d.refusal.over()
	}
	d.telemetry.LokiDeliveryTransientAnswers.Add(context.WithoutCancel(d.req.Context()), 1, metric.WithAttributes(attribute.Int("code", code)))
	d.health.failed(strconv.Itoa(code), fmt.Sprintf("a push to %s was answered with %d", d.req.URL.Redacted(), code))

	answer := later(d.req, fmt.Sprintf("answered with %d, to be sent again: %s", code, verdict.Reason(resp, body)))
	if code == http.StatusTooManyRequests {
		answer.StatusCode, answer.Status = code, resp.Status
	}
	if wait := resp.Header.Get("Retry-After"); wait != "" {
		answer.Header.Set("Retry-After", wait)
	}
	return answer
}

// traceConnection returns a function that tells, of an error, whether the request may
// have reached the other side.
func traceConnection(ctx context.Context) (context.Context, func(error) bool) {
	var asked, got atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	return ctx, func(err error) bool {
		if asked.Load() {
			return got.Load()
		}
		// A transport that does not tell about its connections.
		var op *net.OpError
		return !errors.As(err, &op) || op.Op != "dial"
	}
}
