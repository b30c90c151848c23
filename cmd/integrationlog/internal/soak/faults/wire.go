// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package faults does harm: to connections, to files, and to servers by slow clients.
package faults // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/soak/faults"

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"
)

// Wire is the connection to a server, through a proxy that can do harm.
type Wire struct {
	// URL is that of the server, through the wire.
	URL string

	proxy *toxiproxy.Proxy
}

// Harm is a toxic of toxiproxy.
type Harm struct {
	// Type is its name, such as latency, and Attributes are its settings.
	Type       string         `json:"type"`
	Attributes map[string]int `json:"attributes"`
	// Stream is downstream for what the server answers, and upstream for what it is sent.
	Stream string `json:"stream"`
}

// NewWire returns a wire to the server at target that does no harm yet.
func NewWire(target string) (*Wire, error) {
	parsed, err := url.Parse(target)
	if err != nil {
		return nil, err
	}
	zerolog.SetGlobalLevel(zerolog.Disabled) // toxics do not take the server's logger
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(prometheus.NewRegistry()), zerolog.Nop())
	w := &Wire{proxy: toxiproxy.NewProxy(server, "loki", "127.0.0.1:0", parsed.Host)}
	if err := w.proxy.Start(); err != nil {
		return nil, fmt.Errorf("wire to %s: %w", target, err)
	}
	w.URL = "http://" + w.proxy.Listen
	return w, nil
}

// Do does harm to every connection, those that are open too, until Heal.
func (w *Wire) Do(harm Harm) error {
	content, err := json.Marshal(harm)
	if err != nil {
		return err
	}
	_, err = w.proxy.Toxics.AddToxicJson(strings.NewReader(string(content)))
	return err
}

// Heal ends all harm. Connections that it has stopped end.
func (w *Wire) Heal(ctx context.Context) { w.proxy.Toxics.ResetToxics(ctx) }

// Close ends every connection, and takes no more.
func (w *Wire) Close() { w.proxy.Stop() }
