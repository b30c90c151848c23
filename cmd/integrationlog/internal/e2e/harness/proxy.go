// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// Proxy stands between an exporter and Loki, and fails as the test wants.
type Proxy struct {
	// URL is where it listens.
	URL string

	// answer is the status that it gives instead of Loki; 0 lets through.
	answer atomic.Int64
	// after makes it pass the request on and then give answer all the same.
	after atomic.Bool
	// pushes makes it let through whatever is no push.
	pushes  atomic.Bool
	refused atomic.Int64
}

// hangUp is an answer of nothing at all: the connection ends.
const hangUp = -1

// NewProxy returns a proxy for target that lets everything through.
func NewProxy(tb testing.TB, target string) *Proxy {
	tb.Helper()
	parsed, err := neturl.Parse(target)
	require.NoError(tb, err)
	p := &Proxy{}
	pass := httputil.NewSingleHostReverseProxy(parsed)
	pass.ErrorLog = log.New(io.Discard, "", 0)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := p.answer.Load()
		switch {
		case answer == 0, p.pushes.Load() && !strings.HasSuffix(r.URL.Path, "/v1/logs"):
			pass.ServeHTTP(w, r)
		default:
			p.refused.Add(1)
			if p.after.Load() {
				pass.ServeHTTP(httptest.NewRecorder(), r)
			}
			refuse(w, int(answer))
		}
	}))
	tb.Cleanup(server.Close)
	p.URL = server.URL
	return p
}

func refuse(w http.ResponseWriter, answer int) {
	if answer == hangUp {
		panic(http.ErrAbortHandler)
	}
	http.Error(w, "the proxy of the test", answer)
}

// LetThrough ends all failures.
func (p *Proxy) LetThrough() { p.answer.Store(0); p.after.Store(false); p.pushes.Store(false) }

// Answer makes the proxy answer with this status, and Loki hear nothing.
func (p *Proxy) Answer(status int) { p.after.Store(false); p.answer.Store(int64(status)) }

// AnswerPushes is Answer for pushes alone: what is asked gets through.
func (p *Proxy) AnswerPushes(status int) { p.pushes.Store(true); p.Answer(status) }

// Deceive makes the proxy answer with this status after Loki has taken the request.
func (p *Proxy) Deceive(status int) { p.after.Store(true); p.answer.Store(int64(status)) }

// DeceiveAboutPushes is Deceive for nothing but pushes.
func (p *Proxy) DeceiveAboutPushes(status int) { p.pushes.Store(true); p.Deceive(status) }

// SwitchOff makes the proxy end each connection without an answer.
func (p *Proxy) SwitchOff() { p.pushes.Store(false); p.Answer(hangUp) }

// Refused returns how many requests have failed here.
func (p *Proxy) Refused() int64 { return p.refused.Load() }
