// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package scaling

import (
	"bytes"
	"errors"
	"hash/crc32"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	neturl "net/url"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// balancer is a load balancer. It goes on to the next replica where one cannot be
// reached, breaks off or answers that it cannot take a request now.
type balancer struct {
	// URL is where it listens.
	URL string
	// redispatched is how many requests went on to another replica.
	redispatched atomic.Int64

	replicas []*neturl.URL
	turn     atomic.Int64
	// choose returns which replica a request goes to first, counted from any of them.
	choose func(*http.Request) int
}

// inTurn makes a balancer choose one replica after the other.
func (b *balancer) inTurn(*http.Request) int { return int(b.turn.Add(1)) }

// byPath chooses by a hash of the path, so that a product has one replica.
func byPath(r *http.Request) int { return int(crc32.ChecksumIEEE([]byte(r.URL.Path))) }

func newBalancer(tb testing.TB, replicas ...string) *balancer {
	tb.Helper()
	b := &balancer{}
	b.choose = b.inTurn
	for _, replica := range replicas {
		parsed, err := neturl.Parse(replica)
		require.NoError(tb, err)
		b.replicas = append(b.replicas, parsed)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.Out.Host = r.In.Host },
		Transport: b,
		ErrorLog:  log.New(io.Discard, "", 0),
	})
	tb.Cleanup(server.Close)
	b.URL = server.URL
	return b
}

// RoundTrip implements http.RoundTripper.
func (b *balancer) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	first := b.choose(r)
	var errs error
	for attempt := range b.replicas {
		replica := b.replicas[(first+attempt)%len(b.replicas)]
		again := r.Clone(r.Context())
		again.URL.Scheme, again.URL.Host = replica.Scheme, replica.Host
		again.Body = io.NopCloser(bytes.NewReader(body))
		response, err := http.DefaultTransport.RoundTrip(again)
		if err == nil && (response.StatusCode != http.StatusServiceUnavailable || attempt == len(b.replicas)-1) {
			return response, nil
		}
		if err == nil {
			_ = response.Body.Close()
		}
		errs = errors.Join(errs, err)
		b.redispatched.Add(1)
	}
	return nil, errs
}
