// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"crypto/rsa"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
)

// Settings are what an organization may be told. Everything has a default.
type Settings struct {
	// ClientID and ClientSecret are of the external client app.
	ClientID     string
	ClientSecret string
	// Username is who signs in with a JWT, PublicKey what verifies it, Audience what it
	// has to be for: https://login.salesforce.com, or the organization's own address,
	// which is always taken. Without a key nobody signs in so.
	Username  string
	PublicKey *rsa.PublicKey
	Audience  string
	// OrganizationID and UserID have 18 characters.
	OrganizationID string
	UserID         string
	// SharedLoginHost makes it login.salesforce.com, where client credentials are not
	// taken.
	SharedLoginHost bool
	// NoHourlyFiles makes it an organization without hourly event log files: there is no
	// column Interval.
	NoHourlyFiles bool
	// PageSize is how many rows an answer to a query has at most: 2000.
	PageSize int
	// Now is the organization's clock.
	Now func() time.Time
	// Address is where HTTP listens; empty for a free port of the loopback interface.
	Address string
	// PubSub is about the Pub/Sub API. Who may use it is settled here.
	PubSub pubsub.Settings
}

// Org is a running organization. Its methods may be called from any goroutine.
type Org struct {
	// Server is its HTTP side: URL is the My Domain address, the instance and, unless
	// told otherwise, the login host.
	*endpoint.Server
	// PubSub is its Pub/Sub API, which takes the same tokens.
	PubSub *pubsub.Server

	settings Settings
	sessions sessions

	mu       sync.Mutex
	files    []*LogFile
	objects  map[string][]map[string]any
	locators map[string]*locator
	ids      int
}

// Start starts an organization.
func Start(settings Settings) (*Org, error) {
	settings.setDefaults()
	o := &Org{settings: settings, objects: map[string][]map[string]any{}, locators: map[string]*locator{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /services/oauth2/token", o.token)
	mux.HandleFunc("GET /services/oauth2/userinfo", o.userinfo)
	mux.HandleFunc("GET /services/data/{version}/query", o.authorized(o.query))
	mux.HandleFunc("GET /services/data/{version}/query/{$}", o.authorized(o.query))
	mux.HandleFunc("GET /services/data/{version}/query/{locator}", o.authorized(o.queryMore))
	mux.HandleFunc("GET /services/data/{version}/sobjects/EventLogFile/{id}/LogFile", o.authorized(o.logFile))
	mux.HandleFunc("/", o.authorized(notFound))
	_, err := endpoint.StartAt(settings.Address, func(server *endpoint.Server) http.Handler {
		o.Server = server
		return endpoint.WithClock(settings.Now, mux)
	})
	if err != nil {
		return nil, err
	}
	settings.PubSub.TenantID = settings.OrganizationID
	settings.PubSub.Authorize = func(accessToken, instanceURL, tenantID string) bool {
		return o.sessions.valid(accessToken) && instanceURL == o.URL && tenantID == settings.OrganizationID
	}
	if o.PubSub, err = pubsub.Start(settings.PubSub); err != nil {
		return nil, errors.Join(err, o.Server.Close())
	}
	return o, nil
}

func (s *Settings) setDefaults() {
	s.ClientID = or(s.ClientID, "3MVG9.simulated.consumer.key")
	s.ClientSecret = or(s.ClientSecret, "simulated-consumer-secret")
	s.Username = or(s.Username, "integration@acme.example")
	s.Audience = or(s.Audience, "https://login.salesforce.com")
	s.OrganizationID = or(s.OrganizationID, recordid.New(recordid.Organization, 1))
	s.UserID = or(s.UserID, recordid.New(recordid.User, 1))
	s.Address = or(s.Address, "127.0.0.1:0")
	if s.PageSize == 0 {
		s.PageSize = 2000
	}
	if s.Now == nil {
		s.Now = time.Now
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// Settings returns the settings, with the defaults.
func (o *Org) Settings() Settings { return o.settings }

// Close stops everything, and waits until nothing runs any more.
func (o *Org) Close() error {
	o.PubSub.Close()
	return o.Server.Close()
}
