// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/inert"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Components tells how the parts of this collector do that receive the products.
type Components interface {
	// Components returns one for each product that the collector has a receiver of, or could
	// have.
	Components(ctx context.Context) []Component
}

// Condition is how a receiver does.
type Condition string

// The conditions. A receiver that waits for calls does not know whether somebody will call:
// it is listening, never connected.
const (
	Unknown     Condition = "unknown"
	Starting    Condition = "starting"
	Connected   Condition = "ok"
	Listening   Condition = "listening"
	Recoverable Condition = "recoverable"
	Failed      Condition = "failed"
	Stopped     Condition = "stopped"
)

// Component is the part of this collector that receives a product.
type Component struct {
	// Product is the slug of the product.
	Product string
	// On tells whether its receiver runs in this collector.
	On bool
	// Condition is how it does, Since since when, Reason why where it does not do well.
	Condition Condition
	Since     time.Time
	Reason    string
	// LastReceived is when this process last took something from it, the zero time if never
	// or not known.
	LastReceived time.Time
	// Variables are what would switch it on.
	Variables []string
}

type noComponents struct{}

func (noComponents) Components(context.Context) []Component { return nil }

// sourcesPage is the panel of sources.
type sourcesPage struct {
	*visit
	Sources []source
	Problem *problem
}

// source is a product: what the collector knows of it, and what the log has.
type source struct {
	*visit
	C Component
	S activities.Source
	// Known tells whether this collector knows of the product.
	Known bool
	// LogRead tells whether the log could be read.
	LogRead bool
}

// sources answers with what each product has sent.
func (p *page) sources(v *visit) response {
	result := &sourcesPage{visit: v}
	inLog, err := p.reader.Sources(v.ctx)
	result.Problem = v.problemOf(err)
	byProduct := map[string]*source{}
	at := func(product string) *source {
		if byProduct[product] == nil {
			byProduct[product] = &source{visit: v, C: Component{Product: product}, LogRead: err == nil}
		}
		return byProduct[product]
	}
	for _, product := range activity.Products() {
		at(string(product))
	}
	components := p.Components.Components(v.ctx)
	for i := range components {
		s := at(components[i].Product)
		s.C, s.Known = components[i], true
	}
	for _, inLog := range inLog {
		at(inLog.Product).S = inLog
	}
	for _, s := range byProduct {
		result.Sources = append(result.Sources, *s)
	}
	slices.SortFunc(result.Sources, func(a, b source) int {
		return strings.Compare(a.order()+a.Name(), b.order()+b.Name())
	})
	return response{status: statusOf(result.Problem), template: "sources", data: result}
}

// order puts first what needs attention, and last what is off.
func (s source) order() string {
	switch {
	case s.Bad():
		return "0"
	case s.C.On || s.HasActivities():
		return "1"
	default:
		return "2"
	}
}

// Name names the product as Zendesk does.
func (s source) Name() string { return inert.Text(s.Product(s.C.Product)) }

// Bad tells whether the receiver does not work.
func (s source) Bad() bool {
	return s.C.On && (s.C.Condition == Recoverable || s.C.Condition == Failed || s.C.Condition == Stopped)
}

// HasActivities tells whether the log has something of the product.
func (s source) HasActivities() bool { return !s.S.Last.IsZero() }

// State is on, off or unknown.
func (s source) State() string {
	switch {
	case s.C.On:
		return "on"
	case s.Known:
		return "off"
	default:
		return "unknown"
	}
}

// ConditionText says how the receiver does.
func (s source) ConditionText() string {
	condition := s.C.Condition
	if condition == "" {
		condition = Unknown
	}
	return s.T("sources.state_" + string(condition))
}

// Reason is why the receiver does not do well.
func (s source) Reason() string { return inert.Text(s.C.Reason) }

// OffWhy says what would switch the product on.
func (s source) OffWhy() string {
	if len(s.C.Variables) == 0 {
		return s.T("sources.off_plain")
	}
	return s.T("sources.off_why", strings.Join(s.C.Variables, ", "))
}

// LastSuccess says when something succeeded last, where it is not a time.
func (s source) LastSuccess() string {
	if key := advice.WithoutSuccesses(s.C.Product); key != "" {
		return s.T(key)
	}
	return s.T("sources.no_success")
}

// Ratio says how many of the last day's activities are errors; how many are none is not
// known of a product that logs failures alone.
func (s source) Ratio() string {
	if s.S.LastSuccess.IsZero() && advice.WithoutSuccesses(s.C.Product) != "" {
		return s.Number(s.S.Errors)
	}
	return s.T("sources.ratio", s.Number(s.S.Errors), s.Number(s.S.Activities), s.Percent(float64(s.S.Errors)/float64(s.S.Activities)))
}

// FromBefore tells whether the oldest that is kept is about as old as the log can be: when
// collecting began is then not known.
func (s source) FromBefore() bool { return s.Now.Sub(s.S.First) > 156*time.Hour }

// LastReceived is the last that the log has, or that this process took.
func (s source) LastReceived() time.Time {
	if s.C.LastReceived.After(s.S.Last) {
		return s.C.LastReceived
	}
	return s.S.Last
}

// Unseen says what of the product cannot be seen.
func (s source) Unseen() []string {
	keys := advice.Unseen(s.C.Product)
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = s.T(key)
	}
	return texts
}

// Show leads to the product's activities.
func (s source) Show() string {
	view := s.View.First()
	view.Products = []string{s.C.Product}
	return s.Link(view)
}

// ShowErrors leads to the product's errors.
func (s source) ShowErrors() string {
	view := s.View.First()
	view.Products, view.Statuses = []string{s.C.Product}, []string{"error"}
	return s.Link(view)
}
