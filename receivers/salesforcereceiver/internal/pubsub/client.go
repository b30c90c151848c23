// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/pubsub"

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"

	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

// DefaultEndpoint is Salesforce's, for all organizations that have no other.
// Source: https://developer.salesforce.com/docs/platform/pub-sub-api/guide/pub-sub-endpoints.html
const DefaultEndpoint = "api.pubsub.salesforce.com:7443"

const (
	// callTimeout bounds a call that is no stream.
	callTimeout = 30 * time.Second
	// Connections that a router on the way has forgotten are noticed within 40 s.
	pingTime    = 30 * time.Second
	pingTimeout = 10 * time.Second
	// maxMessage is above what Salesforce sends at once, some 3 MB.
	maxMessage = 16 << 20
	// maxReconnect bounds how long the transport waits between attempts, in which
	// every call fails at once.
	maxReconnect = 20 * time.Second
)

// Settings tell how the API is reached.
type Settings struct {
	// Endpoint is host and port.
	Endpoint string
	// Insecure leaves out encryption; only addresses of this machine may be reached so.
	Insecure bool
	// TLS is nil for the system's certificates.
	TLS *tls.Config
	// Tokens prove who calls.
	Tokens oauth.TokenSource
	// InstanceURL and OrganizationID are empty where the token tells them.
	InstanceURL    string
	OrganizationID string
	// UserAgent says who calls.
	UserAgent string
}

// Client calls the API over one connection, which all subscriptions share.
type Client struct {
	settings   Settings
	connection *grpc.ClientConn
	api        pubsubapi.PubSubClient
}

// NewClient returns a client, which connects when it is used first.
func NewClient(settings Settings) (*Client, error) {
	transport, err := settings.transport()
	if err != nil {
		return nil, err
	}
	delay := backoff.DefaultConfig
	delay.MaxDelay = maxReconnect
	connection, err := grpc.NewClient(settings.Endpoint,
		grpc.WithTransportCredentials(transport),
		grpc.WithUserAgent(settings.UserAgent),
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: pingTime, Timeout: pingTimeout, PermitWithoutStream: true}),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: delay, MinConnectTimeout: maxReconnect}),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage)),
		// What is retried, and how often, is decided here alone.
		grpc.WithDisableRetry(),
		grpc.WithDisableServiceConfig(),
	)
	if err != nil {
		return nil, fmt.Errorf("endpoint %q: %w", settings.Endpoint, err)
	}
	return &Client{settings: settings, connection: connection, api: pubsubapi.NewPubSubClient(connection)}, nil
}

// CheckEndpoint tells what is wrong with an address.
func CheckEndpoint(endpoint string, plain bool) error {
	host, port, err := net.SplitHostPort(endpoint)
	switch {
	case err != nil || host == "" || port == "":
		return fmt.Errorf("endpoint %q must be a host and a port, such as %s", endpoint, DefaultEndpoint)
	case plain && !isLoopback(host):
		return fmt.Errorf("endpoint %q is not on this machine: a token must not go there without encryption", endpoint)
	}
	return nil
}

func (s *Settings) transport() (credentials.TransportCredentials, error) {
	if err := CheckEndpoint(s.Endpoint, s.Insecure); err != nil {
		return nil, err
	}
	if s.Tokens == nil {
		return nil, errors.New("a source of tokens is needed")
	}
	if s.Insecure {
		return insecure.NewCredentials(), nil
	}
	config := s.TLS.Clone()
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return credentials.NewTLS(config), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Close ends the connection and all that runs over it.
func (c *Client) Close() error { return c.connection.Close() }

// Schema returns a schema's text.
func (c *Client) Schema(ctx context.Context, id string) (string, error) {
	var info *pubsubapi.SchemaInfo
	err := c.call(ctx, func(ctx context.Context, options ...grpc.CallOption) (err error) {
		info, err = c.api.GetSchema(ctx, &pubsubapi.SchemaRequest{SchemaId: id}, options...)
		return err
	})
	return info.GetSchemaJson(), err
}

// CheckTopic returns a failure that is [Refused] where the topic cannot be subscribed. That
// it can does not say that events will come: on channels with several objects Salesforce
// leaves out silently what the user may not see.
// Source: https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_security_perms.htm
func (c *Client) CheckTopic(ctx context.Context, topic string) error {
	var info *pubsubapi.TopicInfo
	err := c.call(ctx, func(ctx context.Context, options ...grpc.CallOption) (err error) {
		info, err = c.api.GetTopic(ctx, &pubsubapi.TopicRequest{TopicName: topic}, options...)
		return err
	})
	if err == nil && !info.GetCanSubscribe() {
		return &Error{Kind: Refused, Code: codeCannotSubscribe, RPCID: printable(info.GetRpcId())}
	}
	return err
}

// call makes a call that is no stream; its error is a [Error], or that of the context.
func (c *Client) call(ctx context.Context, method func(context.Context, ...grpc.CallOption) error) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := c.callOnce(limited, method)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func (c *Client) callOnce(ctx context.Context, method func(context.Context, ...grpc.CallOption) error) error {
	who, err := c.identity(ctx)
	if err != nil {
		return &Error{Kind: Authentication, cause: err}
	}
	var trailer metadata.MD
	if err := method(ctx, grpc.PerRPCCredentials(who), grpc.Trailer(&trailer)); err != nil {
		return c.failure(who, err, trailer)
	}
	return nil
}

// failure reads an error. A token that was refused is not used again.
func (c *Client) failure(who identity, err error, trailer metadata.MD) *Error {
	failure := newError(err, trailer)
	if failure.Kind == Authentication {
		c.settings.Tokens.Invalidate(who.token)
	}
	return failure
}
