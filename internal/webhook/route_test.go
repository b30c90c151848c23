// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhook

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/extension/extensionauth"
	"golang.org/x/sync/semaphore"
)

func gzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func deflated(t *testing.T, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// unknownLength hides how long a body is, so that it is sent in chunks.
func unknownLength(body []byte) io.Reader { return io.MultiReader(bytes.NewReader(body)) }

// encoded is a request whose content is signed, and sent as body.
func (r *rig) encoded(content string, body io.Reader, encodings ...string) *http.Request {
	request := r.request(body)
	request.Header.Set(signature, sign(testSecret, content))
	for _, encoding := range encodings {
		request.Header.Add("Content-Encoding", encoding)
	}
	return request
}

func TestMethods(t *testing.T) {
	r := startRig(t)
	for i, method := range []string{
		http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, "BREW",
	} {
		request := r.signed(ids("x"))
		request.Method = method
		got := r.do(request)
		r.requireCode(http.StatusMethodNotAllowed, got)
		assert.Equal(t, "POST", got.header.Get("Allow"))
		assert.EqualValues(t, i+1, r.rejected(MethodNotAllowed))
	}
	assert.Empty(t, r.sink.handovers())
}

func TestContentTypes(t *testing.T) {
	tests := map[string]int{
		"":                                  200,
		"application/json":                  200,
		"application/json; charset=utf-8":   200,
		"Application/JSON":                  200,
		"application/vnd.vendor+json":       200,
		"application/x-ndjson":              200,
		"application/ndjson":                200,
		"application/jsonl":                 200,
		"application/x-jsonlines":           200,
		"application/jsonlines":             200,
		"Application/X-NDJSON; charset=utf": 200,
		"application/cloudevents+json; v":   415,
		"text/plain":                        415,
		"application/xml":                   415,
		"application/jsonp":                 415,
		"application/x-jsonl":               415,
		"text/x-ndjson":                     415,
		"json":                              415,
		"application/x-www-form-urlencoded": 415,
		";":                                 415,
	}
	r := startRig(t)
	for contentType, want := range tests {
		request := r.signed(ids(contentType + "!"))
		request.Header.Set("Content-Type", contentType)
		if contentType == "" {
			request.Header.Del("Content-Type")
		}
		got := r.do(request)
		require.NoError(t, got.err)
		assert.Equal(t, want, got.code, contentType)
	}
}

func TestIsNewlineDelimited(t *testing.T) {
	for contentType, want := range map[string]bool{
		"application/x-ndjson":                true,
		"application/ndjson":                  true,
		"application/jsonl":                   true,
		"application/x-jsonlines":             true,
		"application/jsonlines":               true,
		"Application/JSONLines":               true,
		" application/jsonl ; charset=utf-8":  true,
		"":                                    false,
		"application/json":                    false,
		"application/vnd.vendor+json":         false,
		"application/ndjson+json":             false,
		"application/ndjson, application/xml": false,
		"ndjson":                              false,
		"application/ndjson;":                 true,
		"application/ndjson; charset":         false,
	} {
		assert.Equal(t, want, IsNewlineDelimited(http.Header{"Content-Type": {contentType}}), "%q", contentType)
	}
	assert.False(t, IsNewlineDelimited(http.Header{}))
}

func TestBodies(t *testing.T) {
	const limit = 2_000
	content := ids("a")
	zipped := gzipped(t, []byte(content))
	bomb := strings.Repeat(" ", 1_000_000)
	large := ids(strings.Repeat("x", limit))
	exact := content + strings.Repeat(" ", limit-len(content))
	corrupt := bytes.Clone(zipped)
	corrupt[len(corrupt)-5] ^= 0xff

	tests := map[string]struct {
		content   string
		body      io.Reader
		encodings []string
		want      int
		outcome   Outcome
	}{
		"plain":                 {content, strings.NewReader(content), nil, 200, Accepted},
		"chunked":               {content, unknownLength([]byte(content)), nil, 200, Accepted},
		"identity":              {content, strings.NewReader(content), []string{"identity"}, 200, Accepted},
		"gzip":                  {content, bytes.NewReader(zipped), []string{"gzip"}, 200, Accepted},
		"gzip in capitals":      {content, bytes.NewReader(zipped), []string{"GZIP"}, 200, Accepted},
		"gzip chunked":          {content, unknownLength(zipped), []string{"gzip"}, 200, Accepted},
		"deflate":               {content, bytes.NewReader(deflated(t, []byte(content))), []string{"deflate"}, 200, Accepted},
		"zlib":                  {content, bytes.NewReader(deflated(t, []byte(content))), []string{"zlib"}, 200, Accepted},
		"as large as may be":    {exact, strings.NewReader(exact), nil, 200, Accepted},
		"as large, chunked":     {exact, unknownLength([]byte(exact)), nil, 200, Accepted},
		"as large, gzip":        {exact, bytes.NewReader(gzipped(t, []byte(exact))), []string{"gzip"}, 200, Accepted},
		"one more":              {exact + " ", strings.NewReader(exact + " "), nil, 413, TooLarge},
		"one more, chunked":     {exact + " ", unknownLength([]byte(exact + " ")), nil, 413, TooLarge},
		"one more, gzip":        {exact + " ", bytes.NewReader(gzipped(t, []byte(exact+" "))), []string{"gzip"}, 413, TooLarge},
		"too large":             {large, strings.NewReader(large), nil, 413, TooLarge},
		"too large, chunked":    {large, unknownLength([]byte(large)), nil, 413, TooLarge},
		"gzip bomb":             {bomb, bytes.NewReader(gzipped(t, []byte(bomb))), []string{"gzip"}, 413, TooLarge},
		"zlib bomb":             {bomb, bytes.NewReader(deflated(t, []byte(bomb))), []string{"zlib"}, 413, TooLarge},
		"gzip bomb unsigned":    {"", bytes.NewReader(gzipped(t, []byte(bomb))), []string{"gzip"}, 413, TooLarge},
		"empty":                 {"", strings.NewReader(""), nil, 400, Malformed},
		"empty, gzip":           {"", strings.NewReader(""), []string{"gzip"}, 400, CutOff},
		"empty unsigned":        {"other", strings.NewReader(""), nil, 401, Unauthorized},
		"gzip cut off":          {content, bytes.NewReader(zipped[:len(zipped)-10]), []string{"gzip"}, 400, CutOff},
		"gzip header cut off":   {content, bytes.NewReader(zipped[:5]), []string{"gzip"}, 400, CutOff},
		"gzip corrupt":          {content, bytes.NewReader(corrupt), []string{"gzip"}, 400, Malformed},
		"gzip that is none":     {content, strings.NewReader(content), []string{"gzip"}, 400, Malformed},
		"zlib that is none":     {content, strings.NewReader(content), []string{"zlib"}, 400, Malformed},
		"plain that is gzip":    {content, bytes.NewReader(zipped), nil, 401, Unauthorized},
		"unknown encoding":      {content, strings.NewReader(content), []string{"br"}, 415, UnsupportedMediaType},
		"zstd":                  {content, strings.NewReader(content), []string{"zstd"}, 415, UnsupportedMediaType},
		"snappy bomb":           {content, strings.NewReader("\xff\xff\xff\x7f"), []string{"snappy"}, 415, UnsupportedMediaType},
		"two encodings":         {content, bytes.NewReader(zipped), []string{"gzip", "gzip"}, 415, UnsupportedMediaType},
		"two encodings, joined": {content, bytes.NewReader(zipped), []string{"gzip, gzip"}, 415, UnsupportedMediaType},
		"not JSON":              {"hello", strings.NewReader("hello"), nil, 400, Malformed},
		"truncated JSON":        {content[:9], strings.NewReader(content[:9]), nil, 400, Malformed},
		"deeply nested":         {strings.Repeat("[", 1_900), strings.NewReader(strings.Repeat("[", 1_900)), nil, 400, Malformed},
		"two values":            {content + content, strings.NewReader(content + content), nil, 400, Malformed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := startRig(t, func(r *rig) { r.config.ServerConfig.MaxRequestBodySize = limit })
			got := r.do(r.encoded(test.content, test.body, test.encodings...))
			r.requireCode(test.want, got)
			if test.outcome == Accepted {
				assert.Equal(t, []string{"a"}, r.sink.stored())
			} else {
				assert.EqualValues(t, 1, r.rejected(test.outcome))
				assert.Empty(t, r.sink.handovers())
			}
			assert.EqualValues(t, 0, r.refused())
			r.requireCode(http.StatusOK, r.post(ids("next")))
			assert.True(t, r.allReleased(), "memory of a body is not released")
		})
	}
}

// allReleased tells whether no memory of bodies is reserved.
func (r *rig) allReleased() bool {
	route := r.receiver.(*webhookReceiver).route
	all := max(bodiesAtOnce, 2*route.config.ServerConfig.MaxRequestBodySize)
	free := route.bodies.TryAcquire(all)
	if free {
		route.bodies.Release(all)
	}
	return free
}

func TestCompressionCanBeSwitchedOff(t *testing.T) {
	r := startRig(t, func(r *rig) { r.config.ServerConfig.CompressionAlgorithms = []string{""} })
	content := ids("a")
	r.requireCode(http.StatusUnsupportedMediaType, r.do(r.encoded(content, bytes.NewReader(gzipped(t, []byte(content))), "gzip")))
	r.requireCode(http.StatusOK, r.post(content))
}

// Bodies may be megabytes, but not 25 of them.
func TestLargeBodies(t *testing.T) {
	r := startRig(t, func(r *rig) { r.config.Timeout = time.Minute; r.config.ServerConfig.WriteTimeout = 0 })
	large := ids("large") + strings.Repeat(" ", 5<<20)
	r.requireCode(http.StatusOK, r.post(large))
	tooLarge := strings.Repeat(" ", 25<<20)
	request := r.signed(tooLarge)
	// the answer comes before the body, which otherwise could cost the answer
	request.Header.Set("Expect", "100-continue")
	r.client.Transport.(*http.Transport).ExpectContinueTimeout = time.Minute
	r.requireCode(http.StatusRequestEntityTooLarge, r.do(request))
	r.requireCode(http.StatusOK, r.post(ids("next")))
	assert.True(t, r.allReleased())
}

func TestKeepAliveSurvivesErrors(t *testing.T) {
	for _, w := range ways(t) {
		if w.outcome == Slow {
			continue // what is left of a body cannot be told from the next request
		}
		t.Run(w.outcome.String(), func(t *testing.T) {
			r := w.in(t)
			w.provoke(r)
			reused := false
			trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) { reused = info.Reused }}
			request := r.signed(ids("next"))
			got := r.do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
			require.NoError(t, got.err)
			assert.True(t, reused)
		})
	}
}

// The deadline of one request is none of the next one's on the same connection.
func TestKeepAliveSurvivesTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := startRig(t, withPipes(t), withConsume(func(ctx context.Context, ids []string) error {
			if ids[0] == "late" {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}))
		connections := 0
		trace := &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
			if !info.Reused {
				connections++
			}
		}}
		for i, id := range []string{"1", "late", "2", "late", "late", "3"} {
			request := r.signed(ids(id))
			got := r.do(request.WithContext(httptrace.WithClientTrace(request.Context(), trace)))
			want := map[bool]int{true: 503, false: 200}[id == "late"]
			require.Equal(t, want, got.code, "request %d", i)
			time.Sleep(20 * time.Second) // far beyond the deadline, below the idle timeout
		}
		assert.Equal(t, 1, connections)
		r.stop()
	})
}

// A body that comes slowly, or never, is given up at the deadline: whatever the path,
// the method and the encoding are, and although nobody has read from it.
func TestSlowSenders(t *testing.T) {
	tests := map[string]struct {
		head   string
		want   int
		within time.Duration
	}{
		"half a body":      {"POST /fake HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{", 408, 4 * time.Second},
		"no body":          {"POST /fake HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", 408, 4 * time.Second},
		"chunked":          {"POST /fake HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\r\n", 408, 4 * time.Second},
		"gzip header":      {"POST /fake HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 100\r\n\r\n\x1f", 408, 4 * time.Second},
		"snappy":           {"POST /fake HTTP/1.1\r\nHost: x\r\nContent-Encoding: snappy\r\nContent-Length: 100\r\n\r\n\xff", 415, 4 * time.Second},
		"other method":     {"PUT /fake HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", 405, 4 * time.Second},
		"unknown path":     {"POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n", 404, unknownPathTimeout},
		"large, announced": {"POST /fake HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n", 413, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := startRig(t, withPipes(t))
				conn, err := r.client.Transport.(*http.Transport).DialContext(t.Context(), "tcp", r.config.ServerConfig.NetAddr.Endpoint)
				require.NoError(t, err)
				defer func() { require.NoError(t, conn.Close()) }()
				begin := time.Now()
				go func() { _, _ = io.WriteString(conn, test.head) }()
				response, err := http.ReadResponse(bufio.NewReader(conn), nil)
				require.NoError(t, err)
				defer func() { _ = response.Body.Close() }()
				assert.Equal(t, test.want, response.StatusCode)
				assert.Equal(t, test.within, time.Since(begin))
				r.stop() // which must not wait for it
				assert.Less(t, time.Since(begin), 6*time.Second)
			})
		})
	}
}

// Memory is reserved for what arrives, not for what is announced.
func TestBodiesInFlightAreBounded(t *testing.T) {
	const announcers = 10
	r := newRig(t, func(r *rig) { r.config.Timeout = time.Minute; r.config.ServerConfig.WriteTimeout = 0 })
	bodies := semaphore.NewWeighted((announcers + 4) * smallestReservation)
	r.receiver.(*webhookReceiver).route.bodies = bodies
	r.start()
	free := func(reservations int64) bool {
		ok := bodies.TryAcquire(reservations * smallestReservation)
		if ok {
			bodies.Release(reservations * smallestReservation)
		}
		return ok
	}

	// some announce much and send nothing
	for range announcers {
		r.dial().send("POST /fake HTTP/1.1", "Host: x", "Content-Length: 20000000", "", "")
	}
	require.Eventually(t, func() bool { return !free(5) }, 10*time.Second, time.Millisecond)
	assert.True(t, free(4), "each holds no more than the least")
	r.requireCode(http.StatusOK, r.post(ids("a")))

	// one sends enough to occupy the rest, and goes on
	body, writer := io.Pipe()
	first := make(chan answer, 1)
	go func() { first <- r.do(r.request(body)) }()
	_, err := writer.Write(bytes.Repeat([]byte(" "), 3*smallestReservation))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return !free(1) }, 10*time.Second, time.Millisecond)
	got := r.post(ids("b"))
	r.requireCode(http.StatusServiceUnavailable, got)
	assert.Equal(t, "5", got.header.Get("Retry-After"))
	assert.EqualValues(t, 1, r.rejected(Overload))

	// when that is over there is room again
	require.NoError(t, writer.Close())
	r.requireCode(http.StatusUnauthorized, <-first)
	require.Eventually(t, func() bool { return free(4) }, 10*time.Second, time.Millisecond)
	r.requireCode(http.StatusOK, r.post(ids("b")))

	// what finds no more room while it grows gives back what it has
	request := r.signed(ids(strings.Repeat("x", 5*smallestReservation)))
	r.requireCode(http.StatusServiceUnavailable, r.do(request))
	require.Eventually(t, func() bool { return free(4) }, 10*time.Second, time.Millisecond)
	assert.Equal(t, []string{"a", "b"}, r.sink.stored())
}

// A client that goes away in the middle costs nothing.
func TestClientThatGoesAwayWhileSending(t *testing.T) {
	r := startRig(t)
	conn := r.dial()
	conn.send("POST /fake HTTP/1.1", "Host: x", "Content-Length: 100", "", "{")
	require.NoError(t, conn.Close())
	require.Eventually(t, func() bool { return r.rejected(CutOff) == 1 }, 10*time.Second, time.Millisecond)
	r.requireCode(http.StatusOK, r.post(ids("a")))
}

type fakeAuthenticator struct {
	component.StartFunc
	component.ShutdownFunc
}

var _ extensionauth.Server = fakeAuthenticator{}

func (fakeAuthenticator) Authenticate(ctx context.Context, headers map[string][]string) (context.Context, error) {
	if http.Header(headers).Get("X-Proxy") == "" {
		return ctx, errors.New("the proxy's header is missing: " + private)
	}
	return ctx, nil
}

// The collector's own authentication comes on top, and looks the same from outside.
func TestAuthenticationExtension(t *testing.T) {
	authID := component.MustNewID("proxy")
	r := startRig(t, func(r *rig) {
		r.host.extensions[authID] = fakeAuthenticator{}
		r.config.ServerConfig.Auth = configoptional.Some(confighttp.AuthConfig{Config: configauth.Config{AuthenticatorID: authID}})
	})
	got := r.post(ids("a"))
	r.requireCode(http.StatusUnauthorized, got)
	assert.Equal(t, "Unauthorized\n", got.body)
	assert.EqualValues(t, 1, r.rejected(Unauthorized))
	request := r.signed(ids("a"))
	request.URL.Path = "/none"
	r.requireCode(http.StatusUnauthorized, r.do(request))
	assert.EqualValues(t, 1, r.allRejected())

	request = r.signed(ids("a"))
	request.Header.Set("X-Proxy", "yes")
	r.requireCode(http.StatusOK, r.do(request))
	request = r.request(strings.NewReader(ids("b")))
	request.Header.Set("X-Proxy", "yes")
	r.requireCode(http.StatusUnauthorized, r.do(request))
	assert.Equal(t, []string{"a"}, r.sink.stored())
}

func TestRecordsOfADelivery(t *testing.T) {
	r := startRig(t)
	long := time.Now().Add(-90 * time.Minute)
	body := fmt.Sprintf(`{"activities":[{"id":"1","time":%q},{"id":"2"},{"id":"3","time":%q}],"ignored":4,"unknown":2}`,
		long.Format(time.RFC3339), time.Now().Add(time.Hour).Format(time.RFC3339))
	r.requireCode(http.StatusOK, r.post(body))
	assert.Equal(t, [][]string{{"1", "2", "3"}}, r.sink.handovers())
	assert.EqualValues(t, 3, r.accepted())
	assert.EqualValues(t, 4, r.sum("otelcol_webhook_ignored_activities"))
	assert.EqualValues(t, 2, r.sum("otelcol_webhook_unknown_activities"))
	assert.Zero(t, r.duplicates())

	delay := histogram[float64](r, "otelcol_webhook_delivery_delay")
	assert.EqualValues(t, 2, delay.Count, "one of the three has no time")
	assert.InDelta(t, 5400, delay.Sum, 60, "what lies ahead has no delay")
	shared := histogram[int64](r, "otelcol_webhook_handover_activities")
	assert.EqualValues(t, 1, shared.Count)
	assert.EqualValues(t, 3, shared.Sum)
}

// What the configuration leaves out is answered like everything else.
func TestNothingToHandOver(t *testing.T) {
	r := startRig(t)
	r.requireCode(http.StatusOK, r.post(`{"ignored":1}`))
	r.requireCode(http.StatusOK, r.post(`{}`))
	assert.Empty(t, r.sink.handovers())
	assert.Zero(t, r.accepted())
	assert.EqualValues(t, 1, r.sum("otelcol_webhook_ignored_activities"))
}
