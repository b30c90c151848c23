// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package demo // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo"

import (
	"context"
	"fmt"
	"net"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// The variables of the ports that the demo itself speaks to.
const (
	pagePort    = "INTEGRATIONLOG_PAGE_PORT"
	webhookPort = "INTEGRATIONLOG_WEBHOOK_PORT"
	lokiPort    = "INTEGRATIONLOG_LOKI_PORT"
	metricsPort = "INTEGRATIONLOG_METRICS_PORT"
)

// portsTried is how many ports are tried from the usual one on.
const portsTried = 200

// port is where something of the collector listens.
type port struct {
	variable string
	// usual is where it listens if nobody says anything, number where it will.
	usual, number int
}

// portOf is how a configuration names a port and its default.
var portOf = regexp.MustCompile(`\$\{env:(INTEGRATIONLOG_\w+_PORT):-(\d+)\}`)

// choosePorts returns all ports of a configuration: those that the environment names, the
// usual ones where they are free, and the next free ones where they are not.
func choosePorts(ctx context.Context, config string, lookup func(variable string) (string, bool)) ([]port, error) {
	var ports []port
	for _, match := range portOf.FindAllStringSubmatch(config, -1) {
		variable := match[1]
		if slices.ContainsFunc(ports, func(p port) bool { return p.variable == variable }) {
			continue
		}
		usual, err := strconv.Atoi(match[2])
		if err != nil {
			return nil, fmt.Errorf("default of %s: %w", variable, err)
		}
		ports = append(ports, port{variable: variable, usual: usual})
	}
	taken := map[int]bool{}
	named := map[int]string{}
	for i := range ports {
		p := &ports[i]
		text, _ := lookup(p.variable)
		if text == "" {
			continue
		}
		if err := p.take(ctx, text); err != nil {
			return nil, err
		}
		if other, double := named[p.number]; double {
			return nil, fmt.Errorf("%s and %s are both %d; leave one of them out, or give it another number", other, p.variable, p.number)
		}
		named[p.number] = p.variable
		taken[p.number] = true
	}
	for i := range ports {
		if ports[i].number != 0 {
			continue
		}
		if err := ports[i].chooseFree(ctx, taken); err != nil {
			return nil, err
		}
	}
	return ports, nil
}

// take takes the port that the environment names.
func (p *port) take(ctx context.Context, text string) error {
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 || number > 65535 {
		return fmt.Errorf("%s: %q is no port; leave it out, or give a number from 1 to 65535", p.variable, text)
	}
	if !isFree(ctx, number) {
		return fmt.Errorf("%s: port %d cannot be listened on, or somebody does; leave it out, or give another number", p.variable, number)
	}
	p.number = number
	return nil
}

// chooseFree takes the first free port from the usual one on: below those that systems give
// to outgoing connections, mostly, and easy to recognise.
func (p *port) chooseFree(ctx context.Context, taken map[int]bool) error {
	for number := p.usual; number < min(p.usual+portsTried, 65536); number++ {
		if !taken[number] && isFree(ctx, number) {
			p.number = number
			taken[number] = true
			return nil
		}
	}
	return fmt.Errorf("%s: no port from %d to %d is free; name one that is", p.variable, p.usual, p.usual+portsTried-1)
}

// isFree tells whether nobody listens on a port of this machine. Some systems let one listen
// on an address beside whoever listens on all of them, so it is asked first who answers.
func isFree(ctx context.Context, number int) bool {
	dialer := net.Dialer{Timeout: time.Second}
	for _, host := range []string{"127.0.0.1", "::1"} {
		address := net.JoinHostPort(host, strconv.Itoa(number))
		if connection, err := dialer.DialContext(ctx, "tcp", address); err == nil {
			_ = connection.Close() // nothing was written
			return false
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort("localhost", strconv.Itoa(number)))
	if err != nil {
		return false
	}
	return listener.Close() == nil
}
