// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"net/http"
	"net/url"
	"time"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/objectlink"
)

// Settings are what a page needs beside a reader. All may be left out.
type Settings struct {
	// Components tells how the parts of this collector do that receive activities.
	Components Components
	// Links leads to objects at Zendesk, Shopify and Salesforce.
	Links *objectlink.Linker
	// Zone is the time zone of viewers whose browser does not tell theirs: UTC if nil.
	Zone *time.Location
	// Stopping is closed when the page is to end: live tails are left then.
	Stopping <-chan struct{}
	// Logger gets what is a fault of this program.
	Logger *zap.Logger
	// Now is the clock, time.Now if nil.
	Now func() time.Time
	// SoftDeadline is how long a page waits for what it can do without at first, 700 ms if 0.
	SoftDeadline time.Duration
	// Timeout is how long it waits for the rest, 20 s if 0.
	Timeout time.Duration
	// MaxTails is how many may watch the log live at a time, 50 if 0.
	MaxTails int
}

// page answers requests.
type page struct {
	Settings
	reader activities.Reader
	tails  chan struct{}
}

// New returns the handler of all pages and their assets. It answers GET and HEAD.
func New(reader activities.Reader, settings Settings) http.Handler {
	p := &page{Settings: settings.withDefaults(), reader: reader}
	p.tails = make(chan struct{}, p.MaxTails)
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", assets)
	for path, answer := range map[string]func(*visit) response{
		"/{$}":      p.log,
		"/chart":    p.chartPart,
		"/choices":  p.choicesPart,
		"/kinds":    p.kindsPart,
		"/pane":     p.panePart,
		"/details":  p.details,
		"/timeline": p.timeline,
		"/errors":   p.groups,
		"/sources":  p.sources,
		"/tail":     p.tail,
		"/":         p.notFound,
	} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { p.answer(w, r, answer) })
	}
	mux.HandleFunc("GET /tail/events", p.tailEvents)
	return mux
}

func (s Settings) withDefaults() Settings {
	if s.Components == nil {
		s.Components = noComponents{}
	}
	if s.Links == nil {
		s.Links = objectlink.New(objectlink.Config{})
	}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	if s.Logger == nil {
		s.Logger = zap.NewNop()
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.SoftDeadline == 0 {
		s.SoftDeadline = 700 * time.Millisecond
	}
	if s.Timeout == 0 {
		s.Timeout = 20 * time.Second
	}
	if s.MaxTails == 0 {
		s.MaxTails = 50
	}
	return s
}

// address is a relative link: the page that it leads to, with parameters.
func address(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
