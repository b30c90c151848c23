// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"cmp"
	"net/http"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// NoLimit is a rate limit that nobody reaches.
const NoLimit = -1

// Settings are what an account may be told. Everything has a default.
type Settings struct {
	// ClientID and ClientSecret are of a confidential OAuth client. TokenLife is how long
	// its tokens last: 30 minutes.
	ClientID     string
	ClientSecret string
	TokenLife    time.Duration
	// Email and APIToken are those of the older way to sign in. Without a token there is
	// none.
	Email    string
	APIToken string
	// Host is the name of the account, as links have it: acme.zendesk.com.
	Host string
	// WebhookLimit and TicketingLimit are how many requests are taken in a minute by the
	// webhooks API and by all others: 100 and 700; see NoLimit.
	WebhookLimit   int
	TicketingLimit int
	// Now is the account's clock.
	Now func() time.Time
	// Address is where it listens; empty for a free port of the loopback interface.
	Address string
}

// Account is a running account. Its methods may be called from any goroutine.
type Account struct {
	// Server is where it listens, with the requests that it saw and the faults.
	*endpoint.Server

	settings  Settings
	tokens    tokens
	webhooks  limiter
	ticketing limiter

	mu            sync.Mutex
	state         state
	links         string
	overlap       int
	endless       bool
	refused       map[string]int
	organizations []Organization
	users         []User
}

// Start starts an account.
func Start(settings Settings) (*Account, error) {
	settings.setDefaults()
	a := &Account{
		settings: settings, refused: map[string]int{}, links: "https://" + settings.Host + ":443",
		webhooks:  limiter{limit: settings.WebhookLimit, now: settings.Now},
		ticketing: limiter{limit: settings.TicketingLimit, now: settings.Now, ticketing: true},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth/tokens", a.token)
	webhooks := func(pattern string, handler http.HandlerFunc) {
		mux.Handle("GET /api/v2/webhooks"+pattern, a.authorized("webhooks", a.webhooks.limited(handler)))
	}
	webhooks("", a.listWebhooks)
	webhooks("/{id}/invocations", a.listInvocations)
	webhooks("/{id}/invocations/{invocation}/attempts", a.listAttempts)
	for _, suffix := range []string{"", ".json"} {
		records := func(kind, pattern string, handler http.HandlerFunc) {
			mux.Handle("GET /api/v2/"+kind+pattern+suffix, a.authorized(kind, a.ticketing.limited(handler)))
		}
		records("organizations", "/search", a.searchOrganizations)
		records("organizations", "/show_many", a.showOrganizations)
		records("users", "/search", a.searchUsers)
		records("users", "/show_many", a.showUsers)
	}
	mux.Handle("/", a.authorized("", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { notFound(w) })))
	_, err := endpoint.StartAt(settings.Address, func(server *endpoint.Server) http.Handler {
		a.Server = server
		return endpoint.WithClock(settings.Now, mux)
	})
	return a, err
}

func (s *Settings) setDefaults() {
	s.ClientID = cmp.Or(s.ClientID, "integration_log")
	s.ClientSecret = cmp.Or(s.ClientSecret, "simulated-client-secret")
	s.TokenLife = cmp.Or(s.TokenLife, 30*time.Minute)
	s.Email = cmp.Or(s.Email, "admin@acme.example")
	s.Host = cmp.Or(s.Host, "acme.zendesk.com")
	s.WebhookLimit = cmp.Or(s.WebhookLimit, 100)
	s.TicketingLimit = cmp.Or(s.TicketingLimit, 700)
	s.Address = cmp.Or(s.Address, "127.0.0.1:0")
	if s.Now == nil {
		s.Now = time.Now
	}
}

// Settings returns the settings, with the defaults.
func (a *Account) Settings() Settings { return a.settings }
