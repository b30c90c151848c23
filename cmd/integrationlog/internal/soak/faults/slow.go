// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// drip is how long a slow client waits between two bytes.
const drip = time.Second

// What slow clients have sent before they become slow: every other one is in the middle of
// its headers, and the others are in that of their body.
var slowly = []string{
	"POST /shopify HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
	"POST /shopify HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
}

// Slow opens that many connections, and sends a request over each of them, one byte a
// second, until the server has ended it or the context ends. It returns an error unless the
// server has ended all of them before.
func Slow(ctx context.Context, address string, clients int) error {
	failures := make([]error, clients)
	var all sync.WaitGroup
	for n := range clients {
		all.Go(func() { failures[n] = dripOver(ctx, address, slowly[n%len(slowly)]) })
	}
	all.Wait()
	return errors.Join(failures...)
}

func dripOver(ctx context.Context, address, begin string) error {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }() // nothing more is expected of it
	if _, err := io.WriteString(connection, begin); err != nil {
		return fmt.Errorf("ended before it was slow: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, connection) // whatever the server says, it is the end that counts
	}()
	ticker := time.NewTicker(drip)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_, _ = io.WriteString(connection, "x") // an error is the end, which the other side has seen
		case <-ended:
			return nil
		case <-ctx.Done():
			_ = connection.Close() // it ends the reading
			<-ended
			return fmt.Errorf("the server has not ended it: %w", ctx.Err())
		}
	}
}
