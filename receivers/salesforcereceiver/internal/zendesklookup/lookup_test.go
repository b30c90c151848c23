// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesklookup

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

var now = time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)

// answering answers with what the test says, and records what was asked.
type answering struct {
	requests []*http.Request
	header   http.Header
	code     int
	body     string
}

func (z *answering) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	z.requests = append(z.requests, r)
	maps.Copy(w.Header(), z.header)
	w.WriteHeader(z.code)
	_, _ = w.Write([]byte(z.body))
}

func start(t *testing.T) (*answering, *Lookup, *time.Time) {
	t.Helper()
	z := &answering{code: http.StatusOK, header: http.Header{}, body: `{"organizations":[],"users":[]}`}
	server := httptest.NewServer(z)
	client, err := apiclient.New(apiclient.Settings{BaseURL: server.URL, Tokens: oauth.NewBasic("a", "b")})
	require.NoError(t, err)
	t.Cleanup(func() {
		client.Close()
		server.Close()
	})
	clock := now
	return z, New(client, func() time.Time { return clock }), &clock
}

func short(t *testing.T, id string) sfid.Short {
	t.Helper()
	s, ok := sfid.Parse(id)
	require.True(t, ok)
	return s
}

func TestFind(t *testing.T) {
	z, lookup, _ := start(t)
	a, b, c := short(t, "0015e00000AbCdE"), short(t, "0015e00000AbCdF"), short(t, "0015e00000aBCdE")
	z.body = fmt.Sprintf(`{"count":5,"next_page":null,"organizations":[
		{"id":360001,"external_id":%q,"updated_at":"2026-11-26T10:00:00Z","name":"Acme","notes":"canary"},
		{"id":360002,"external_id":%q,"updated_at":"2026-11-26T11:00:00Z","name":"Acme 2"},
		{"id":360003,"external_id":%q,"updated_at":"2026-11-26T09:00:00Z"},
		{"id":360004,"external_id":null,"updated_at":"2026-11-26T09:00:00Z"},
		{"id":360005,"external_id":"erp-17","updated_at":"2026-11-26T09:00:00Z"}]}`, a.String(), strings.ToLower(a.Long()), b.Long())
	found, err := lookup.Find(t.Context(), confirmation.Organization, []sfid.Short{a, b, c})
	require.NoError(t, err)
	require.Equal(t, map[sfid.Short]confirmation.Found{
		a: {ID: "360002", UpdatedAt: time.Date(2026, 11, 26, 11, 0, 0, 0, time.UTC)},
		b: {ID: "360003", UpdatedAt: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)},
	}, found)
	require.Len(t, z.requests, 1)
	require.Equal(t, "/api/v2/organizations/show_many", z.requests[0].URL.Path)
	require.Equal(t, strings.Join([]string{a.Long(), a.String(), b.Long(), b.String(), c.Long(), c.String()}, ","), z.requests[0].URL.Query().Get("external_ids"))
}

// TestUsers: a user that was deleted is not there any more.
func TestUsers(t *testing.T) {
	z, lookup, _ := start(t)
	a, b := short(t, "0035e00000AbCdE"), short(t, "0035e00000AbCdF")
	z.body = fmt.Sprintf(`{"users":[{"id":9007199254740993,"external_id":%q,"updated_at":"2026-11-26T10:00:00Z","active":true,"email":"jane@example.com"},
		{"id":2,"external_id":%q,"updated_at":"2026-11-26T10:00:00Z","active":false},{"id":3,"external_id":%q,"updated_at":"soon"}]}`, a.Long(), b.Long(), b.Long())
	found, err := lookup.Find(t.Context(), confirmation.User, []sfid.Short{a, b})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "9007199254740993", found[a].ID)
	require.Equal(t, "/api/v2/users/show_many", z.requests[0].URL.Path)
}

// TestManyRecords: no request asks for more than Zendesk takes.
func TestManyRecords(t *testing.T) {
	z, lookup, _ := start(t)
	var ids []sfid.Short
	for i := range 120 {
		ids = append(ids, short(t, fmt.Sprintf("0015e0000000%03d", i)))
	}
	_, err := lookup.Find(t.Context(), confirmation.Organization, ids)
	require.NoError(t, err)
	require.Len(t, z.requests, 3)
	for _, r := range z.requests {
		require.LessOrEqual(t, len(strings.Split(r.URL.Query().Get("external_ids"), ",")), 100)
	}
}

// TestBudget: half of what Zendesk allows is left to others, under either name of the
// headers, for as long as it says.
func TestBudget(t *testing.T) {
	tests := map[string]struct {
		header http.Header
		pause  time.Duration
	}{
		"much left":        {http.Header{"X-Rate-Limit": {"700"}, "X-Rate-Limit-Remaining": {"351"}}, 0},
		"half left":        {http.Header{"X-Rate-Limit": {"700"}, "X-Rate-Limit-Remaining": {"350"}}, time.Minute},
		"other names":      {http.Header{"Rate-Limit": {"700"}, "Rate-Limit-Remaining": {"1"}, "Rate-Limit-Reset": {"17"}}, 17 * time.Second},
		"documented names": {http.Header{"Ratelimit-Limit": {"700"}, "Ratelimit-Remaining": {"0"}, "Ratelimit-Reset": {"9999999"}}, time.Hour},
		"not a number":     {http.Header{"X-Rate-Limit": {"700"}, "X-Rate-Limit-Remaining": {"none"}}, 0},
		"nothing told":     {http.Header{}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			z, lookup, clock := start(t)
			z.header = test.header
			ids := []sfid.Short{short(t, "0015e00000AbCdE")}
			find := func() error {
				_, err := lookup.Find(t.Context(), confirmation.Organization, ids)
				return err
			}
			require.NoError(t, find())
			if test.pause > 0 {
				*clock = now.Add(test.pause - time.Second)
				require.ErrorIs(t, find(), confirmation.ErrBudget)
				require.Len(t, z.requests, 1)
				*clock = now.Add(test.pause)
			}
			require.NoError(t, find())
		})
	}
}

func TestTooManyRequests(t *testing.T) {
	z, lookup, clock := start(t)
	z.code, z.header = http.StatusTooManyRequests, http.Header{"Retry-After": {"93"}}
	ids := []sfid.Short{short(t, "0015e00000AbCdE")}
	_, err := lookup.Find(t.Context(), confirmation.Organization, ids)
	var status *apiclient.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, 93*time.Second, status.Delay())
	*clock = now.Add(92 * time.Second)
	_, err = lookup.Find(t.Context(), confirmation.Organization, ids)
	require.ErrorIs(t, err, confirmation.ErrBudget)
}

// TestBadAnswers: what is no answer decides nothing, and is not quoted.
func TestBadAnswers(t *testing.T) {
	for _, body := range []string{``, `canary`, `{}`, `{"users":[]}`, `{"organizations":"canary"}`, `{"organizations":null}`, `{"organizations":[{"id":"canary"}]}`, `{"organizations":[{"id":1,"ext`} {
		z, lookup, _ := start(t)
		z.body = body
		_, err := lookup.Find(t.Context(), confirmation.Organization, []sfid.Short{short(t, "0015e00000AbCdE")})
		require.ErrorIs(t, err, ErrAnswer, body)
		assert.NotContains(t, err.Error(), "canary")
	}
}

// FuzzAnswer: whatever comes, only records that were asked for are found.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"organizations":[{"id":1,"external_id":"0015e00000AbCdE","updated_at":"2026-11-26T10:00:00Z"}]}`)
	f.Add(`{"organizations":[{"id":1e400,"external_id":"0015E00000ABCDEAAA","updated_at":"2026-11-26T10:00:00Z"}]}`)
	f.Fuzz(func(t *testing.T, body string) {
		var a answer
		if json.Unmarshal([]byte(body), &a) != nil || a.Organizations == nil {
			return
		}
		id := short(t, "0015e00000AbCdE")
		n := namesOf([]sfid.Short{id})
		found := map[sfid.Short]confirmation.Found{}
		for i := range *a.Organizations {
			n.match(&(*a.Organizations)[i], found)
		}
		for of, it := range found {
			require.Equal(t, id, of)
			require.NotEmpty(t, it.ID)
			require.False(t, it.UpdatedAt.IsZero())
		}
	})
}
