// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// framing is how a request says where its body ends. All of these have another request behind
// what could be taken for the end.
type framing struct {
	name, headers, body string
	// valid tells that there is one right way to read it, by which another request follows.
	valid bool
}

// framings are those of which one program may find the end elsewhere than another. The length
// of what is smuggled is needed where a length is to cover it.
func framings(smuggled int) []framing {
	return []framing{
		// The chunks count, says RFC 9112 in 6.3, and a length beside them does not.
		{name: "a length and chunks", headers: fmt.Sprintf("Content-Length: %d\r\nTransfer-Encoding: chunked\r\n", 5+smuggled), body: "0\r\n\r\n", valid: true},
		{name: "chunks and a length", headers: "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", body: "0\r\n\r\n", valid: true},
		{name: "two lengths", headers: "Content-Length: 2\r\nContent-Length: 100\r\n", body: "{}"},
		{name: "a list of lengths", headers: "Content-Length: 2, 100\r\n", body: "{}"},
		{name: "a signed length", headers: "Content-Length: +2\r\n", body: "{}"},
		{name: "a hidden encoding", headers: "Content-Length: 2\r\nTransfer-Encoding : chunked\r\n", body: "{}"},
		{name: "an unknown encoding", headers: "Transfer-Encoding: xchunked\r\n", body: "0\r\n\r\n"},
		{name: "two encodings", headers: "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", body: "0\r\n\r\n"},
		{name: "an encoding in a folded line", headers: "Transfer-Encoding:\r\n chunked\r\nContent-Length: 2\r\n", body: "{}"},
		{name: "a chunk of no length", headers: "Transfer-Encoding: chunked\r\n", body: "-1\r\n{}\r\n0\r\n\r\n"},
		{name: "a chunk that is too long", headers: "Transfer-Encoding: chunked\r\n", body: "fffffffffffffffff\r\n{}"},
		{name: "a bare newline", headers: "Transfer-Encoding: chunked\r\n", body: "2\n{}\n0\n\n"},
	}
}

// smuggledRequests have two lengths, or none that is clear: whoever takes the other one for
// the right one sees a second request in the body of the first. None of them may be taken as
// more than it is by RFC 9112.
func smuggledRequests(t *testing.T, w *world) {
	t.Helper()
	w.each(t, smuggleToWebhooks)
	w.eachListener(t, func(t *testing.T, l listener) {
		t.Helper()
		method, at := "GET", l.path
		if l.post != "" {
			method, at = "POST", l.post
		}
		if at == "" {
			return // webhooks
		}
		const json = " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
		inner := method + " " + at + json + "Content-Length: 2\r\nConnection: close\r\n\r\n{}"
		for _, f := range framings(len(inner)) {
			want := 1 // the second request is none
			if f.valid {
				want = 2 // it is one, and needs no credential here
			}
			answers := exchange(t, l.address(), "POST "+at+json+f.headers+"\r\n"+f.body+inner)
			assert.Len(t, answers, want, f.name)
		}
	})
}

// smuggleToWebhooks smuggles requests without the credential behind one that has it.
func smuggleToWebhooks(t *testing.T, p *program) {
	t.Helper()
	const smuggled = `{"message":"smuggled"}`
	product, l := harness.PushedProducts[0], listener{port: p.Ports.Webhook}
	without := "POST " + path(product.Product) + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	inner := without + fmt.Sprintf("Content-Length: %d\r\nConnection: close\r\n\r\n", len(smuggled)) + smuggled
	credential := "X-API-Key: " + product.Secret + "\r\n"
	requests := map[string]string{
		"a credential in the trailer": without + "Trailer: X-API-Key\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n" + smuggled + "\r\n0\r\n" + credential + "\r\n" + inner,
	}
	for _, f := range framings(len(inner)) {
		requests[f.name] = without + credential + f.headers + "\r\n" + f.body + inner
	}
	for name, request := range requests {
		answers := exchange(t, l.address(), request)
		assert.NotEmpty(t, answers, name)
		for _, answer := range answers {
			assert.GreaterOrEqual(t, answer.status, 400, "%s: %v", name, answer)
		}
	}
}
