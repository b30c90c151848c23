// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package faults

import (
	"context"
	"net"
	"sync"
	"time"
)

// drip is how long a slow client waits between two bytes.
const drip = time.Second

// Slow opens that many connections, and sends a request over each of them, one byte a
// second, until the context ends. It returns how many the server ended before that.
func Slow(ctx context.Context, address string, clients int) (ended int) {
	var mu sync.Mutex
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			if dripOver(ctx, address) {
				mu.Lock()
				defer mu.Unlock()
				ended++
			}
		})
	}
	all.Wait()
	return ended
}

// dripOver tells whether the server ended the connection.
func dripOver(ctx context.Context, address string) bool {
	var dialer net.Dialer
	connection, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return ctx.Err() == nil
	}
	defer func() { _ = connection.Close() }() // nothing more is expected of it
	ticker := time.NewTicker(drip)
	defer ticker.Stop()
	request := []byte("POST /shopify HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
	for n := 0; ; n++ {
		if _, err := connection.Write([]byte{request[min(n, len(request)-1)]}); err != nil {
			return true
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return false
		}
	}
}
