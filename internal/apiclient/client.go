// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package apiclient // import "github.com/integrationlog/integrationlog/internal/apiclient"

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/integrationlog/integrationlog/internal/baseurl"
	"github.com/integrationlog/integrationlog/internal/oauth"
)

const (
	defaultTimeout = 30 * time.Second
	// maxHeader bounds the headers of an answer.
	maxHeader = 1 << 20
)

// Settings tell which API is called, and how.
type Settings struct {
	// BaseURL is the API's address: https://host, with a port where it needs one.
	BaseURL string
	// Tokens prove who calls.
	Tokens oauth.TokenSource
	// Transport sends the requests; [NewTransport] makes one.
	Transport http.RoundTripper
	// Timeout is how long the API may be silent, before it answers and while it sends
	// the body; 0 is 30 s. A large body may take longer than that.
	Timeout time.Duration
	// UserAgent says who calls.
	UserAgent string
}

// NewTransport returns a transport with these TLS settings, nil for Go's own. Its idle
// connections are closed by [Client.Close].
func NewTransport(config *tls.Config) *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = config
	transport.MaxResponseHeaderBytes = maxHeader
	return transport
}

// Client calls one API. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	tokens    oauth.TokenSource
	http      *http.Client
	timeout   time.Duration
	userAgent string
}

// New returns a client of the API.
func New(settings Settings) (*Client, error) {
	base, err := baseurl.Parse("endpoint", settings.BaseURL)
	if err != nil {
		return nil, err
	}
	if settings.Tokens == nil {
		return nil, errors.New("no credentials are given")
	}
	c := &Client{
		base: base, tokens: settings.Tokens, timeout: settings.Timeout, userAgent: settings.UserAgent,
		http: &http.Client{
			Transport: settings.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse // credentials follow no redirect
			},
		},
	}
	if c.http.Transport == nil {
		c.http.Transport = NewTransport(nil)
	}
	if c.timeout <= 0 {
		c.timeout = defaultTimeout
	}
	return c, nil
}

// Close closes the connections that are idle.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Request is a request to the API.
type Request struct {
	// Method is GET where it is empty.
	Method string
	// Path begins with a slash and is escaped. It may be a whole URL, as APIs give them
	// for the next page, if that is on the same host.
	Path string
	// Query is added to that of the path.
	Query url.Values
	// Header is sent along.
	Header http.Header
	// Body is sent as it is, again if the token was refused the first time.
	Body []byte
	// MaxBody bounds the body of the answer, in bytes; 0 is no bound.
	MaxBody int64
}

// Response is the answer to a request that succeeded: its code is one of 2xx. The body
// is read while it arrives, and has to be closed.
type Response struct {
	Code   int
	Header http.Header
	Body   io.ReadCloser
}

// Do sends a request. Whatever is not answered with 2xx is a [*StatusError].
func (c *Client) Do(ctx context.Context, request Request) (*Response, error) {
	target, err := c.resolve(request)
	if err != nil {
		return nil, err
	}
	token, err := c.tokens.Token(ctx)
	if err != nil {
		return nil, err
	}
	response, err := c.send(ctx, request, target, token)
	if err != nil || response.StatusCode != http.StatusUnauthorized {
		return c.result(request, response, err)
	}
	// The token may have been revoked, or expired on its way. One repetition shows.
	c.tokens.Invalidate(token)
	renewed, err := c.tokens.Token(ctx)
	if err != nil {
		return nil, errors.Join(err, response.Body.Close())
	}
	if renewed.Authorization() == token.Authorization() {
		return c.result(request, response, nil)
	}
	if err := response.Body.Close(); err != nil {
		return nil, err
	}
	repeated, err := c.send(ctx, request, target, renewed) //nolint:bodyclose // the caller closes it
	return c.result(request, repeated, err)
}

// resolve returns where a request goes to, which is never another host.
func (c *Client) resolve(request Request) (*url.URL, error) {
	target, err := url.Parse(request.Path)
	if err != nil {
		return nil, errors.New("the path of a request is not valid; nothing was sent")
	}
	if target.Scheme != "" || target.Host != "" || target.User != nil || target.Opaque != "" {
		if target.User != nil || !baseurl.SameOrigin(c.base, target) {
			return nil, &ForeignError{Host: target.Host, Base: c.base.Host}
		}
	} else if request.Path == "" || request.Path[0] != '/' {
		return nil, errors.New("the path of a request must begin with a slash; nothing was sent")
	}
	target.Scheme, target.Host, target.Fragment = c.base.Scheme, c.base.Host, ""
	if len(request.Query) > 0 {
		query := target.Query()
		maps.Copy(query, request.Query)
		target.RawQuery = query.Encode()
	}
	return target, nil
}

func (c *Client) send(ctx context.Context, request Request, target *url.URL, token oauth.Token) (*http.Response, error) {
	method := request.Method
	if method == "" {
		method = http.MethodGet
	}
	silence, watch := newWatch(ctx, c.timeout)
	out, err := http.NewRequestWithContext(silence, method, target.String(), bytes.NewReader(request.Body))
	if err != nil {
		watch.stop()
		return nil, err
	}
	for name, values := range request.Header {
		out.Header[http.CanonicalHeaderKey(name)] = values
	}
	if c.userAgent != "" {
		out.Header.Set("User-Agent", c.userAgent)
	}
	if out.Header.Get("Accept") == "" {
		out.Header.Set("Accept", "application/json")
	}
	out.Header.Set("Authorization", token.Authorization())
	response, err := c.http.Do(out)
	if err != nil {
		err = watch.explain(err)
		watch.stop()
		return nil, err
	}
	response.Body = &body{ReadCloser: response.Body, watch: watch, left: request.MaxBody, bounded: request.MaxBody > 0}
	return response, nil
}

func (c *Client) result(request Request, response *http.Response, err error) (*Response, error) {
	if err != nil {
		return nil, err
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return nil, newStatusError(request, response)
	}
	return &Response{Code: response.StatusCode, Header: response.Header, Body: response.Body}, nil
}

// ForeignError is a request to another host than the API's, which was not sent.
type ForeignError struct {
	Host, Base string
}

func (e *ForeignError) Error() string {
	return fmt.Sprintf("a link points to %q and not to %q; nothing was sent there", e.Host, e.Base)
}
