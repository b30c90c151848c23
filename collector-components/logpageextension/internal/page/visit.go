// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// zoneCookie is where the script tells the browser's time zone.
const zoneCookie = "tz"

// partOf is the parameter that tells which page a part is for, whose links lead there.
const partOf = "page"

// paths are those of whole pages.
var paths = []string{"./", "./tail", "./errors", "./timeline", "./details", "./sources"}

// visit is one request: who asks, and for what.
type visit struct {
	*messages.Printer
	page *page
	ctx  context.Context //nolint:containedctx // a visit ends with its request
	// query is what the URL has, View what it means, Problems what is wrong with it.
	query    url.Values
	View     state.View
	Problems []state.Problem
	Now      time.Time
	// OwnZone is what the browser has told, nil if nothing.
	OwnZone *time.Location
	// Path is the page's: a relative link leads to it.
	Path string
}

func (p *page) visit(ctx context.Context, r *http.Request) *visit {
	v := &visit{Printer: messages.For(r), page: p, ctx: ctx, query: r.URL.Query(), Now: p.Now()}
	zone := p.Zone
	if cookie, err := r.Cookie(zoneCookie); err == nil {
		if name, err := url.QueryUnescape(cookie.Value); err == nil {
			if own, err := state.LoadZone(name); err == nil {
				v.OwnZone, zone = own, own
			}
		}
	}
	v.View, v.Problems = state.Parse(v.query, zone)
	v.Now = v.Now.In(v.View.Zone)
	v.Path = "." + r.URL.Path
	if of := v.query.Get(partOf); of != "" {
		v.Path = "./" + of
	}
	if !slices.Contains(paths, v.Path) {
		v.Path = "./"
	}
	return v
}

// Link leads to the page of the log with a view.
func (*visit) Link(view state.View) string { return address("./", view.Query()) }

// Here leads to this page with another view.
func (v *visit) Here(view state.View) string { return address(v.Path, view.Query()) }

// Fragment is the address of a part of the page.
func (v *visit) Fragment(name string) string {
	query := v.View.Query()
	if of := strings.TrimPrefix(v.Path, "./"); of != "" {
		query.Set(partOf, of)
	}
	return address(name, query)
}

// Nav leads to another page with the same filter.
func (v *visit) Nav(path string) string { return address(path, v.View.First().Query()) }

// NavPlain leads to a page that has no filter.
func (v *visit) NavPlain(path string) string {
	return address(path, state.View{ZoneName: v.View.ZoneName, Language: v.View.Language}.Query())
}

// Waiting leads to this page, which then waits for all of its parts.
func (v *visit) Waiting() string {
	view := v.View
	view.Wait = true
	return v.Here(view)
}

// In returns a time in the viewer's zone.
func (v *visit) In(t time.Time) time.Time { return t.In(v.View.Zone) }

// When writes a time in the viewer's zone, to the second.
func (v *visit) When(t time.Time) string { return v.DateTime(v.In(t)) }

// WhenShort writes a time in the viewer's zone to the minute, where it is at a minute.
func (v *visit) WhenShort(t time.Time) string {
	if t.Truncate(time.Minute).Equal(t) {
		return v.DateMinute(v.In(t))
	}
	return v.When(t)
}

// Since writes how long ago a time is.
func (v *visit) Since(t time.Time) string { return v.Ago(t, v.Now) }

// Machine writes a time for programs.
func (*visit) Machine(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// ZoneText names the viewer's time zone.
func (v *visit) ZoneText() string { return v.Zone(v.Now) }

// ZoneOffset is how far the viewer's time zone is from UTC now, for where there is little room.
func (v *visit) ZoneOffset() string { return messages.Offset(v.Now) }

// ZoneName is the name of the zone that the script compares with the browser's.
func (v *visit) ZoneName() string { return v.View.Zone.String() }

// ZoneIsGuessed tells whether nobody has said which time zone to use.
func (v *visit) ZoneIsGuessed() bool { return v.View.ZoneName == "" && v.OwnZone == nil }

// Icon is the address of the page's icon.
func (*visit) Icon() string { return assets.url("icon.svg") }

// Styles are the addresses of the style sheets; a later one may overrule an earlier.
func (*visit) Styles() []string {
	return assets.urlsOf("page.css", "controls.css", "log.css", "details.css", "overviews.css", "media.css")
}

// Scripts are the addresses of the scripts; the first has what the others share.
func (*visit) Scripts() []string {
	return assets.urlsOf("page.js", "filter.js", "details.js", "live.js")
}

// Hidden returns the parameters of a view as a form hands them on, without some.
func (*visit) Hidden(view state.View, without ...string) []hidden {
	query := view.Query()
	for _, name := range without {
		query.Del(name)
	}
	var fields []hidden
	for name, values := range query {
		for _, value := range values {
			fields = append(fields, hidden{name, value})
		}
	}
	slices.SortFunc(fields, func(a, b hidden) int { return strings.Compare(a.Name+"\x00"+a.Value, b.Name+"\x00"+b.Value) })
	return fields
}

// hidden is a field that a form hands on.
type hidden struct{ Name, Value string }
