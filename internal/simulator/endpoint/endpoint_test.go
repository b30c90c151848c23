// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package endpoint

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func start(t *testing.T) *Server {
	t.Helper()
	server, err := Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		JSON(w, http.StatusOK, map[string]string{"said": string(body)})
	}))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

// answer is what came of one, even if the rest was cut off.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask posts "hello".
func ask(t *testing.T, url string) (answer, error) {
	t.Helper()
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	request, err := http.NewRequest(http.MethodPost, url, strings.NewReader("hello"))
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer secret")
	response, err := client.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

func TestAnswersAndRemembers(t *testing.T) {
	server := start(t)
	got, err := ask(t, server.URL+"/a/b?c=d")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, got.status)
	assert.JSONEq(t, `{"said":"hello"}`, got.body)

	requests := server.Requests("/a/")
	require.Len(t, requests, 1)
	assert.Equal(t, "hello", requests[0].Body)
	assert.Equal(t, "d", requests[0].Query.Get("c"))
	assert.Equal(t, "Bearer secret", requests[0].Credential())
	assert.Empty(t, server.Requests("/elsewhere"))
	server.ForgetRequests()
	assert.Empty(t, server.Requests(""))
}

func TestForgetsTheOldestRequests(t *testing.T) {
	var remembered requests
	request, err := http.NewRequest(http.MethodPost, "/", http.NoBody)
	require.NoError(t, err)
	for range maxRequests + 1 {
		_, err := remembered.record(request)
		require.NoError(t, err)
	}
	assert.Less(t, len(remembered.list), maxRequests)
}

func TestFaultsStrikeAsOftenAsToldAndWhereTold(t *testing.T) {
	server := start(t)
	server.Inject(Fault{Path: "/a", Times: 2, Answer: Status(http.StatusBadGateway, "text/plain", "bad")})
	server.Inject(Fault{Times: 0, Answer: Broken()})
	var got []int
	for _, path := range []string{"/b", "/a", "/a", "/a"} {
		response, err := ask(t, server.URL+path)
		require.NoError(t, err)
		got = append(got, response.status)
	}
	assert.Equal(t, []int{200, 502, 502, 200}, got)
}

func TestFaultsCanBeTakenAway(t *testing.T) {
	server := start(t)
	remove := server.Inject(Fault{Times: Always, Answer: RetryAfter(7*time.Second, Status(http.StatusTooManyRequests, "text/plain", ""))})
	for range 3 {
		response, err := ask(t, server.URL)
		require.NoError(t, err)
		assert.Equal(t, http.StatusTooManyRequests, response.status)
		assert.Equal(t, "7", response.header.Get("Retry-After"))
	}
	remove()
	server.Inject(Fault{Times: Always, Answer: Broken()})
	_, err := ask(t, server.URL)
	require.Error(t, err)
	server.Heal()
	_, err = ask(t, server.URL)
	require.NoError(t, err)
}

func TestHalfAnAnswerIsCutOff(t *testing.T) {
	server := start(t)
	server.Inject(Fault{Times: 1, Answer: HalfWritten()})
	got, err := ask(t, server.URL)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, http.StatusOK, got.status)
	assert.Equal(t, `{"said":`, got.body)
}

func TestSlowAnswers(t *testing.T) {
	server := start(t)
	remove := server.Inject(Fault{Times: Always, Answer: Slow(time.Millisecond)})
	got, err := ask(t, server.URL)
	require.NoError(t, err)
	assert.JSONEq(t, `{"said":"hello"}`, got.body)
	remove()

	server.Inject(Fault{Times: Always, Answer: Slow(time.Hour)})
	ctx, cancel := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
	require.NoError(t, err)
	failed := make(chan error, 1)
	go func() {
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			response.Body.Close()
		}
		failed <- err
	}()
	require.Eventually(t, func() bool { return len(server.Requests("")) == 2 }, 10*time.Second, time.Millisecond)
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
}

func TestRedirectToAnotherHost(t *testing.T) {
	server := start(t)
	elsewhere, err := Elsewhere()
	require.NoError(t, err)
	defer func() { require.NoError(t, elsewhere.Close()) }()
	server.Inject(Fault{Times: 1, Answer: Redirect(elsewhere.URL)})
	got, err := ask(t, server.URL+"/a?b=c")
	require.NoError(t, err)
	assert.JSONEq(t, `{}`, got.body)
	requests := elsewhere.Requests("")
	require.Len(t, requests, 1)
	assert.Equal(t, "/a", requests[0].Path)
	assert.Equal(t, "c", requests[0].Query.Get("b"))
}

func TestAnAddressThatIsTaken(t *testing.T) {
	server := start(t)
	_, err := StartAt(strings.TrimPrefix(server.URL, "http://"), func(*Server) http.Handler { return http.NotFoundHandler() })
	require.Error(t, err)
}
