// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/storagetest"
)

const (
	testSecret = "the-secret-of-the-test"
	testScope  = "github.com/integrationlog/integrationlog/internal/webhook"
	signature  = "X-Signature"
)

var (
	testType  = component.MustNewType("fake")
	storageID = component.MustNewID("file_storage")
)

// fakeSource is a vendor that signs with HMAC and posts {"activities": [...]}.
type fakeSource struct {
	verifier *HMACVerifier
	reply    func(Outcome) int
}

type message struct {
	Activities []item `json:"activities"`
	Ignored    int    `json:"ignored,omitempty"`
	Unknown    int    `json:"unknown,omitempty"`
	// Unreadable is how many could not be read, by reason; None says that none could.
	Unreadable map[string]int `json:"unreadable,omitempty"`
	None       bool           `json:"none,omitempty"`
}

type item struct {
	ID          string    `json:"id,omitempty"`
	Description string    `json:"description,omitempty"`
	Time        time.Time `json:"time,omitzero"`
}

func (s *fakeSource) Verify(header http.Header, body []byte) bool {
	return s.verifier.Verify(Header(header, signature), body)
}

func (s *fakeSource) Parse(_ http.Header, body []byte, received time.Time) (Delivery, error) {
	var m message
	if err := json.Unmarshal(body, &m); err != nil {
		return Delivery{}, errors.New("the body is not what the fake vendor sends")
	}
	d := Delivery{Ignored: m.Ignored, Unknown: m.Unknown, Unreadable: m.Unreadable}
	if m.None {
		return d, errors.New("no part of the body is what the fake vendor sends")
	}
	for _, i := range m.Activities {
		d.Activities = append(d.Activities, activity.Activity{
			Product: activity.Shopify, Type: "order", ID: i.ID, Description: i.Description, Time: i.Time, Observed: received,
		})
	}
	return d, nil
}

func (s *fakeSource) Reply(outcome Outcome) int { return s.reply(outcome) }

// happened is before whatever time a test begins at.
var happened = time.Date(1999, 12, 31, 23, 59, 59, 0, time.UTC)

// ids is a body with one activity for each id.
func ids(list ...string) string { return activitiesAt(happened, list...) }

// activitiesAt is a body with activities that happened at a time; none where it is zero.
func activitiesAt(at time.Time, list ...string) string {
	m := message{}
	for _, id := range list {
		m.Activities = append(m.Activities, item{ID: id, Time: at})
	}
	body, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return string(body)
}

func sign(secret, body string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sink is the pipeline behind the receiver.
type sink struct {
	// consume decides what becomes of a hand-over; it may block.
	consume func(ctx context.Context, ids []string) error

	mu       sync.Mutex
	calls    [][]string
	accepted []string
	// observed is when each of the accepted was, by id.
	observed map[string]time.Time
}

func (s *sink) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

func (s *sink) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	var list []string
	observed := map[string]time.Time{}
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				id := ""
				if value, ok := record.Attributes().Get(activity.IDKey); ok {
					id = value.Str()
				}
				list = append(list, id)
				observed[id] = record.ObservedTimestamp().AsTime()
			}
		}
	}
	s.mu.Lock()
	s.calls = append(s.calls, list)
	s.mu.Unlock()
	if s.consume != nil {
		if err := s.consume(ctx, list); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted = append(s.accepted, list...)
	if s.observed == nil {
		s.observed = map[string]time.Time{}
	}
	maps.Copy(s.observed, observed)
	return nil
}

// handovers returns what was handed over together, whatever became of it.
func (s *sink) handovers() [][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// stored returns what was accepted, in order.
func (s *sink) stored() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.accepted)
}

// gate holds hand-overs up, one by one.
type gate struct {
	entered chan []string
	proceed chan error
}

func newGate() *gate {
	return &gate{entered: make(chan []string, 100), proceed: make(chan error)}
}

func (g *gate) consume(_ context.Context, ids []string) error {
	g.entered <- ids
	return <-g.proceed
}

// host has extensions, and keeps the status that components report.
type host struct {
	extensions map[component.ID]component.Component

	mu     sync.Mutex
	events []*componentstatus.Event
}

var _ componentstatus.Reporter = (*host)(nil)

func (h *host) GetExtensions() map[component.ID]component.Component { return h.extensions }

func (h *host) Report(event *componentstatus.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events = append(h.events, event)
}

func (h *host) statuses() []componentstatus.Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []componentstatus.Status
	for _, event := range h.events {
		list = append(list, event.Status())
	}
	return list
}

// rig is a receiver with everything around it.
type rig struct {
	t         *testing.T
	id        component.ID
	config    Config
	source    *fakeSource
	sink      *sink
	host      *host
	logs      *observer.ObservedLogs
	telemetry *componenttest.Telemetry
	receiver  receiver.Logs
	client    *http.Client
}

// newRig returns a receiver that is created but not started. It listens on a free
// port of the loopback interface.
func newRig(t *testing.T, options ...func(*rig)) *rig {
	t.Helper()
	r := &rig{
		t:      t,
		id:     component.NewID(testType),
		config: NewDefaultConfig("/fake"),
		source: &fakeSource{verifier: NewHMACVerifier([]configopaque.String{testSecret}), reply: DefaultReply},
		sink:   &sink{},
		host:   &host{extensions: map[component.ID]component.Component{}},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}},
	}
	r.config.ServerConfig.NetAddr.Endpoint = "not chosen"
	for _, option := range options {
		option(r)
	}
	if r.config.ServerConfig.NetAddr.Endpoint == "not chosen" {
		r.config.ServerConfig.NetAddr.Endpoint = freeEndpoint(t)
	}
	r.create()
	return r
}

// create makes the receiver, or another one with the same configuration.
func (r *rig) create() {
	r.t.Helper()
	require.NoError(r.t, r.config.Validate())
	core, logs := observer.New(zapcore.DebugLevel)
	r.logs = logs
	r.telemetry = componenttest.NewTelemetry()
	settings := receivertest.NewNopSettings(testType)
	settings.ID = r.id
	settings.TelemetrySettings = r.telemetry.NewTelemetrySettings()
	settings.Logger = zap.New(core)
	config := r.config
	var err error
	r.receiver, err = NewReceiver(settings, &config, testScope, r.source, r.sink)
	require.NoError(r.t, err)
	created, telemetry := r.receiver, r.telemetry
	r.t.Cleanup(func() {
		r.client.CloseIdleConnections()
		assert.NoError(r.t, created.Shutdown(context.Background()))
		assert.NoError(r.t, telemetry.Shutdown(context.Background()))
	})
}

// startRig returns a receiver that runs.
func startRig(t *testing.T, options ...func(*rig)) *rig {
	t.Helper()
	r := newRig(t, options...)
	r.start()
	return r
}

func (r *rig) start() {
	r.t.Helper()
	require.NoError(r.t, r.receiver.Start(r.t.Context(), r.host))
}

func (r *rig) stop() {
	r.t.Helper()
	r.client.CloseIdleConnections()
	require.NoError(r.t, r.receiver.Shutdown(r.t.Context()))
}

// restart replaces the receiver as a restart of the process does.
func (r *rig) restart() {
	r.t.Helper()
	r.stop()
	r.create()
	r.start()
}

func withStorage(storage *storagetest.Storage) func(*rig) {
	return func(r *rig) {
		r.config.Deduplication.Storage = &storageID
		r.host.extensions[storageID] = storage
	}
}

func withEndpoint(endpoint string) func(*rig) {
	return func(r *rig) { r.config.ServerConfig.NetAddr.Endpoint = endpoint }
}

func withPath(path string) func(*rig) {
	return func(r *rig) {
		r.config.Path = path
		r.id = component.NewIDWithName(testType, strings.Trim(path, "/"))
	}
}

func withConsume(consume func(ctx context.Context, ids []string) error) func(*rig) {
	return func(r *rig) { r.sink.consume = consume }
}

// answer is what a client gets.
type answer struct {
	code   int
	header http.Header
	body   string
	err    error
}

func (r *rig) url() string {
	return "http://" + r.config.ServerConfig.NetAddr.Endpoint + r.config.Path
}

func (r *rig) request(body io.Reader) *http.Request {
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url(), body)
	if err != nil {
		panic(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return request
}

func (r *rig) signed(body string) *http.Request {
	request := r.request(strings.NewReader(body))
	request.Header.Set(signature, sign(testSecret, body))
	return request
}

func (r *rig) do(request *http.Request) answer {
	response, err := r.client.Do(request)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return answer{code: response.StatusCode, header: response.Header, body: string(body), err: err}
}

// post sends a signed webhook.
func (r *rig) post(body string) answer { return r.do(r.signed(body)) }

// postLater sends one without waiting for the answer.
func (r *rig) postLater(body string) <-chan answer {
	answers := make(chan answer, 1)
	go func() { answers <- r.post(body) }()
	return answers
}

func (r *rig) requireCode(want int, got answer) {
	r.t.Helper()
	require.NoError(r.t, got.err)
	require.Equal(r.t, want, got.code, got.body)
}

// sum returns a counter's sum over the data points that have all the attributes.
func (r *rig) sum(name string, attributes ...attribute.KeyValue) int64 {
	r.t.Helper()
	metric, err := r.telemetry.GetMetric(name)
	if err != nil {
		return 0 // nothing was counted yet
	}
	data, ok := metric.Data.(metricdata.Sum[int64])
	require.True(r.t, ok, "%s is no counter", name)
	var sum int64
	for _, point := range data.DataPoints {
		if slices.ContainsFunc(attributes, func(want attribute.KeyValue) bool {
			got, ok := point.Attributes.Value(want.Key)
			return !ok || got != want.Value
		}) {
			continue
		}
		sum += point.Value
	}
	return sum
}

// histogram returns the only data point of a histogram.
func histogram[N int64 | float64](r *rig, name string) metricdata.HistogramDataPoint[N] {
	r.t.Helper()
	metric, err := r.telemetry.GetMetric(name)
	require.NoError(r.t, err)
	data, ok := metric.Data.(metricdata.Histogram[N])
	require.True(r.t, ok, "%s is no such histogram", name)
	require.Len(r.t, data.DataPoints, 1)
	return data.DataPoints[0]
}

func (r *rig) accepted() int64 { return r.sum("otelcol_receiver_accepted_log_records") }
func (r *rig) refused() int64  { return r.sum("otelcol_receiver_refused_log_records") }

func (r *rig) rejected(outcome Outcome) int64 {
	return r.sum("otelcol_webhook_rejected_requests",
		attribute.String("reason", outcome.String()), attribute.String("receiver", r.id.String()))
}

func (r *rig) allRejected() int64 { return r.sum("otelcol_webhook_rejected_requests") }

func (r *rig) duplicates() int64 { return r.sum("otelcol_webhook_duplicate_activities") }

// logLines returns all that was logged, fields included.
func (r *rig) logLines() string {
	var b strings.Builder
	encoder := zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig())
	for _, entry := range r.logs.All() {
		line, err := encoder.EncodeEntry(entry.Entry, entry.Context)
		require.NoError(r.t, err)
		b.Write(line.Bytes())
	}
	return b.String()
}

func freeEndpoint(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	defer func() { require.NoError(tb, l.Close()) }()
	return l.Addr().String()
}

// pipes is a network in memory, so that a test can have a clock of its own.
type pipes struct {
	mu        sync.Mutex
	listeners map[string]*pipeListener
}

// withPipes puts the receiver into a network in memory.
func withPipes(t *testing.T) func(*rig) {
	t.Helper()
	network := &pipes{listeners: map[string]*pipeListener{}}
	before := listeners.listen
	listeners.listen = network.listen
	t.Cleanup(func() { listeners.listen = before })
	return func(r *rig) {
		r.config.ServerConfig.NetAddr.Endpoint = "in.memory:1"
		r.client = &http.Client{Transport: &http.Transport{DialContext: network.dial, MaxIdleConnsPerHost: 100}}
	}
}

func (p *pipes) listen(_ context.Context, config *confighttp.ServerConfig) (net.Listener, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := &pipeListener{address: config.NetAddr.Endpoint, dialled: make(chan net.Conn), closed: make(chan struct{})}
	p.listeners[l.address] = l
	return l, nil
}

func (p *pipes) dial(ctx context.Context, _, address string) (net.Conn, error) {
	p.mu.Lock()
	l := p.listeners[address]
	p.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("nobody listens on %s", address)
	}
	client, server := net.Pipe()
	select {
	case l.dialled <- server:
		return client, nil
	case <-l.closed:
	case <-ctx.Done():
	}
	return nil, errors.Join(errors.New("connection refused"), client.Close(), server.Close())
}

type pipeListener struct {
	address string
	dialled chan net.Conn
	closing sync.Once
	closed  chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.dialled:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.closing.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: l.address, Net: "pipe"} }

// raw is a connection on which a test speaks HTTP itself.
type raw struct {
	net.Conn
	t *testing.T
}

func (r *rig) dial() *raw {
	r.t.Helper()
	conn, err := net.Dial("tcp", r.config.ServerConfig.NetAddr.Endpoint)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	return &raw{Conn: conn, t: r.t}
}

func (c *raw) send(lines ...string) {
	c.t.Helper()
	_, err := io.Copy(c, bytes.NewBufferString(strings.Join(lines, "\r\n")))
	require.NoError(c.t, err)
}
