// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package objectlink // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/objectlink"

import (
	"net/url"
	"regexp"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// Link leads to an object.
type Link struct {
	// URL is absolute.
	URL string
	// System is whose page it is: Zendesk, Shopify or Salesforce.
	System string
	// ObjectType is what is there, such as ticket. It is not always the activity's own
	// object: what happened to a payment is seen at its order.
	ObjectType string
}

// Linker makes links.
type Linker struct {
	// zendesk and salesforce are hosts; empty where they are not configured.
	zendesk, salesforce string
}

// New returns a linker for a valid configuration.
func New(cfg Config) *Linker {
	l := &Linker{}
	if name := host(cfg.Zendesk); zendeskHost.MatchString(name) {
		l.zendesk = name
	}
	if match := salesforceHost.FindStringSubmatch(host(cfg.Salesforce)); match != nil {
		l.salesforce = match[1] + ".lightning.force.com"
	}
	return l
}

// For returns where an activity's object is, and what else it is about; mostly one link or
// none.
func (l *Linker) For(a *activities.Activity) []Link {
	var links []Link
	add := func(link Link, ok bool) {
		if ok {
			links = append(links, link)
		}
	}
	switch activity.Product(a.Product) {
	case activity.Shopify:
		add(shopify(a))
	case activity.Salesforce:
		add(l.salesforceRecord(a))
		add(l.zendeskObject("", "ticket", a.Attributes["zendesk_ticket_id"]))
		add(l.zendeskObject("", a.Attributes["zendesk_object_type"], a.Attributes["zendesk_object_id"]))
	case activity.ZIS, activity.Actions, activity.BotBuilder, activity.Webhooks:
		add(l.zendeskObject(a.Account, a.ObjectType, a.ObjectID))
	}
	return links
}

var (
	// number is an id at Zendesk and at Shopify, a positive integer of at most 64 bits.
	number = regexp.MustCompile(`^[1-9]\d{0,18}$`)
	// subdomain is an account's at Zendesk. It begins with a letter; digits alone are an
	// account's number, which has no address.
	subdomain = regexp.MustCompile(`^[a-z][a-z0-9-]{0,61}[a-z0-9]$`)
	// shopDomain is a shop's own name at Shopify, which the admin's addresses have too.
	shopDomain = regexp.MustCompile(`^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.myshopify\.com$`)
)

// zendeskPaths are of the pages of the agent interface.
var zendeskPaths = map[string]string{
	"ticket":       "/agent/tickets/",
	"user":         "/agent/users/",
	"organization": "/agent/organizations/",
}

// zendeskObject is an object of the account that an activity names, else of the configured one.
func (l *Linker) zendeskObject(account, objectType, objectID string) (Link, bool) {
	host := l.zendesk
	if subdomain.MatchString(account) {
		host = account + ".zendesk.com"
	}
	path, ok := zendeskPaths[objectType]
	if !ok || host == "" || !number.MatchString(objectID) {
		return Link{}, false
	}
	return link("Zendesk", objectType, host, path+objectID), true
}

// shopify is the page of an order, a draft order or a customer. What belongs to an order,
// such as a refund, is seen there.
func shopify(a *activities.Activity) (Link, bool) {
	match := shopDomain.FindStringSubmatch(a.Account)
	if match == nil {
		return Link{}, false
	}
	pages := [...]struct{ objectType, path, id string }{
		{"order", "/orders/", own(a, "order", a.Attributes["shopify_order_id"])},
		{"draft_order", "/draft_orders/", own(a, "draft_order", "")},
		{"customer", "/customers/", own(a, "customer", a.Attributes["shopify_customer_id"])},
	}
	for _, page := range pages {
		if number.MatchString(page.id) {
			return link("Shopify", page.objectType, "admin.shopify.com", "/store/"+match[1]+page.path+page.id), true
		}
	}
	return Link{}, false
}

// own returns the id of an activity's object if it has that type, else the other id.
func own(a *activities.Activity, objectType, other string) string {
	if a.ObjectType == objectType {
		return a.ObjectID
	}
	return other
}

// salesforceObjects are those that are synchronised: their names, and how their ids begin.
var salesforceObjects = map[string]struct {
	name string
	id   *regexp.Regexp
}{
	"case":    {"Case", regexp.MustCompile(`^500[0-9A-Za-z]{12}(?:[0-9A-Z]{3})?$`)},
	"account": {"Account", regexp.MustCompile(`^001[0-9A-Za-z]{12}(?:[0-9A-Z]{3})?$`)},
	"contact": {"Contact", regexp.MustCompile(`^003[0-9A-Za-z]{12}(?:[0-9A-Z]{3})?$`)},
	"lead":    {"Lead", regexp.MustCompile(`^00Q[0-9A-Za-z]{12}(?:[0-9A-Z]{3})?$`)},
}

// salesforceRecord is a record of the configured organization.
func (l *Linker) salesforceRecord(a *activities.Activity) (Link, bool) {
	object, ok := salesforceObjects[a.ObjectType]
	if !ok || l.salesforce == "" || !object.id.MatchString(a.ObjectID) {
		return Link{}, false
	}
	return link("Salesforce", a.ObjectType, l.salesforce, "/lightning/r/"+object.name+"/"+a.ObjectID+"/view"), true
}

func link(system, objectType, host, path string) Link {
	u := url.URL{Scheme: "https", Host: host, Path: path}
	return Link{URL: u.String(), System: system, ObjectType: objectType}
}
