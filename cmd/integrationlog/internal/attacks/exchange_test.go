// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is how long an answer to a request that is complete may take.
const patience = 10 * time.Second

// answer is one to a request that was written byte by byte.
type answer struct {
	status   int
	location string
	body     string
}

// connect returns a connection that is closed when the test ends, at the latest.
func connect(t *testing.T, address string) net.Conn {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() }) // the test may have closed it
	return connection
}

// exchange sends bytes as they are, and returns all answers until the peer closes. A last
// request that can be understood has to ask for that.
func exchange(t *testing.T, address, request string) []answer {
	t.Helper()
	return converse(t, address, request, false)
}

// exchangeAll is exchange for what may end before its time: it says that nothing more comes.
func exchangeAll(t *testing.T, address, request string) []answer {
	t.Helper()
	return converse(t, address, request, true)
}

func converse(t *testing.T, address, request string, end bool) []answer {
	t.Helper()
	connection := connect(t, address)
	require.NoError(t, connection.SetDeadline(time.Now().Add(patience)))
	written := make(chan struct{})
	go func() {
		defer close(written)
		_, _ = io.WriteString(connection, request) // a peer that has refused reads no more
		if end {
			_ = connection.(*net.TCPConn).CloseWrite()
		}
	}()
	answers := readAnswers(connection)
	require.NoError(t, connection.Close())
	<-written
	return answers
}

func readAnswers(connection net.Conn) []answer {
	var answers []answer
	for reader := bufio.NewReader(connection); ; {
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			return answers
		}
		body, _ := io.ReadAll(response.Body) // what came counts
		_ = response.Body.Close()
		answers = append(answers, answer{response.StatusCode, response.Header.Get("Location"), string(body)})
	}
}
