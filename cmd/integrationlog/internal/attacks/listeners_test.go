// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// listener is a port that speaks HTTP.
type listener struct {
	name string
	port int
	// path is where a GET is answered with 200; empty where nothing is to be read.
	path string
	// post is where a POST of a JSON object is taken without a credential.
	post string
	// onlyAs tells whether it answers under its own names only.
	onlyAs bool
	// patient tells that it gives slow senders more time than any that is shipped.
	patient bool
}

func (l *listener) address() string { return fmt.Sprintf("127.0.0.1:%d", l.port) }

// listeners returns all of a program that speak HTTP/1, and those that show what it does, which
// no shipped configuration has.
func (p *program) listeners() []listener {
	all := []listener{
		{name: "webhooks", port: p.Ports.Webhook},
		{name: "OTLP", port: p.Ports.OTLPHTTP, post: "/v1/logs", onlyAs: true},
		{name: "health", port: p.Ports.Health, path: "/"},
		{name: "activity metrics", port: p.Ports.Metrics, path: "/metrics"},
		{name: "telemetry", port: p.Ports.Telemetry, path: "/metrics"},
		{name: "zpages", port: p.zpages, path: "/debug/servicez", patient: true},
		{name: "pprof", port: p.pprof, path: "/debug/pprof/", patient: true},
	}
	if p.hasLoki() {
		all = append(all,
			listener{name: "page", port: p.Ports.Page, path: "/", onlyAs: true},
			listener{name: "Loki", port: p.Ports.Loki, path: "/loki/api/v1/labels", onlyAs: true},
		)
	}
	return all
}

// hasLoki tells whether Loki and its page are in the program.
func (p *program) hasLoki() bool { return p.name == "integrationlog" }

// get returns nil if a listener that can be read still is.
func (l *listener) get(ctx context.Context) error {
	if l.path == "" {
		return nil
	}
	status, body, err := get(ctx, "http://"+l.address()+l.path)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s: %d %.200s", l.name, status, body)
	}
	return err
}

// get returns what an address answers; redirects are not followed.
func get(ctx context.Context, address string) (status int, body string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	return do(request)
}

func do(request *http.Request) (status int, body string, err error) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

// path is where a product posts to.
func path(product activity.Product) string { return "/" + string(product) }
