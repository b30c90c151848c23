// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package header reads the headers of Shopify's deliveries, classic webhooks and
// Events alike. Source: https://shopify.dev/docs/apps/build/webhooks/delivery-structure
package header // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/header"

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/integrationlog/integrationlog/internal/text"
	"github.com/integrationlog/integrationlog/internal/webhook"
)

// Names are the headers of classic webhooks, which a relay may have renamed. The
// headers of Events are Shopify's own, but for a relay's signature.
type Names struct {
	// Signature holds the HMAC-SHA256 of the body in base64.
	Signature string `mapstructure:"signature"`
	// Topic holds the topic's name, such as orders/create.
	Topic string `mapstructure:"topic"`
	// ShopDomain holds the shop's myshopify.com domain.
	ShopDomain string `mapstructure:"shop_domain"`
	// WebhookID holds the id of the delivery, the same on every retry.
	WebhookID string `mapstructure:"webhook_id"`
	// TriggeredAt holds when it happened.
	TriggeredAt string `mapstructure:"triggered_at"`

	// prevent unkeyed literal initialization
	_ struct{}
}

// DefaultNames returns Shopify's own.
func DefaultNames() Names {
	return Names{
		Signature:   "X-Shopify-Hmac-Sha256",
		Topic:       "X-Shopify-Topic",
		ShopDomain:  "X-Shopify-Shop-Domain",
		WebhookID:   "X-Shopify-Webhook-Id",
		TriggeredAt: "X-Shopify-Triggered-At",
	}
}

// Validate tells which name is no header's.
func (n Names) Validate() error {
	var errs []error
	for _, s := range []struct{ setting, name string }{
		{"signature", n.Signature},
		{"topic", n.Topic},
		{"shop_domain", n.ShopDomain},
		{"webhook_id", n.WebhookID},
		{"triggered_at", n.TriggeredAt},
	} {
		if !httpguts.ValidHeaderFieldName(s.name) {
			errs = append(errs, fmt.Errorf("%s: %q is no name of a header", s.setting, s.name))
		}
	}
	return errors.Join(errs...)
}

// The headers of Events deliveries, and those of classic webhooks that no relay
// needs to rename.
const (
	eventsSignature   = "Shopify-Hmac-Sha256"
	eventsTopic       = "Shopify-Topic"
	eventsShopDomain  = "Shopify-Shop-Domain"
	eventsWebhookID   = "Shopify-Webhook-Id"
	eventsTriggeredAt = "Shopify-Triggered-At"
	eventsEventID     = "Shopify-Event-Id"
	eventsAPIVersion  = "Shopify-Api-Version"
	eventsHandle      = "Shopify-Handle"
	eventsAction      = "Shopify-Action"
	eventsResourceID  = "Shopify-Resource-Id"

	classicEventID    = "X-Shopify-Event-Id"
	classicAPIVersion = "X-Shopify-Api-Version"
	classicName       = "X-Shopify-Name"
	classicOrderID    = "X-Shopify-Order-Id"
	classicTest       = "X-Shopify-Test"
)

// maxLength bounds a header's value; Shopify's own stay far below.
const maxLength = 255

// Delivery is what the headers of a delivery say.
type Delivery struct {
	// Events tells an Events delivery from a classic webhook.
	Events bool
	// Topic is a name such as orders/create, or Order for Events.
	Topic string
	// Action is create, update or delete; only Events have it.
	Action string
	// ShopDomain is whose shop it is.
	ShopDomain string
	// WebhookID is the id of the delivery; EventID is shared by all deliveries that
	// one action of the merchant caused.
	WebhookID string
	EventID   string
	// Name is what the developer called the subscription.
	Name       string
	APIVersion string
	// TriggeredAt is zero where the header is missing or no time.
	TriggeredAt time.Time
	// ResourceID is a GID; only Events had it, until September 2026. OrderID comes
	// with some topics.
	ResourceID string
	OrderID    string
	// Test marks a delivery by the button "Send test" of the admin.
	Test bool
}

// SignatureOf returns the signature, empty if there is none or more than one. A
// relay that signs anew may pass on Shopify's own signature too: the configured
// header comes first.
func (n Names) SignatureOf(header http.Header) string {
	if len(header.Values(n.Signature)) > 0 {
		return webhook.Header(header, n.Signature)
	}
	return webhook.Header(header, eventsSignature)
}

// Parse reads the headers of a delivery. An error names what is missing; it quotes
// no value.
func (n Names) Parse(header http.Header) (Delivery, error) {
	d := Delivery{Events: isEvents(n, header)}
	topic, shop, id, at := n.Topic, n.ShopDomain, n.WebhookID, n.TriggeredAt
	if d.Events {
		topic, shop, id, at = eventsTopic, eventsShopDomain, eventsWebhookID, eventsTriggeredAt
	}
	var err error
	if d.Topic, err = required(header, topic); err != nil {
		return Delivery{}, err
	}
	if d.ShopDomain, err = required(header, shop); err != nil {
		return Delivery{}, err
	}
	if d.WebhookID, err = required(header, id); err != nil {
		return Delivery{}, err
	}
	d.TriggeredAt, _ = time.Parse(time.RFC3339Nano, optional(header, at))
	if d.Events {
		d.EventID = optional(header, eventsEventID)
		d.APIVersion = optional(header, eventsAPIVersion)
		d.Name = optional(header, eventsHandle)
		d.Action = optional(header, eventsAction)
		d.ResourceID = optional(header, eventsResourceID)
	} else {
		d.EventID = optional(header, classicEventID)
		d.APIVersion = optional(header, classicAPIVersion)
		d.Name = optional(header, classicName)
		d.OrderID = optional(header, classicOrderID)
		d.Test = optional(header, classicTest) == "true"
	}
	return d, nil
}

// isEvents follows Shopify's own library: the signature's name decides. A relay
// that signs anew has one name for both; then the topic's name decides.
func isEvents(n Names, header http.Header) bool {
	if _, ok := header[eventsSignature]; ok {
		return true
	}
	_, events := header[eventsTopic]
	return events && header.Get(n.Topic) == ""
}

func required(header http.Header, name string) (string, error) {
	switch value := valid(header, name); {
	case value == "":
		return "", fmt.Errorf("header %s is missing, empty or there more than once", name)
	case len(value) > maxLength:
		return "", fmt.Errorf("header %s is longer than %d bytes", name, maxLength)
	default:
		return value, nil
	}
}

// optional leaves out what is too long to be Shopify's.
func optional(header http.Header, name string) string {
	if value := valid(header, name); len(value) <= maxLength {
		return value
	}
	return ""
}

// valid returns a header as it will be stored, so that its length is what counts.
func valid(header http.Header, name string) string { return text.Valid(webhook.Header(header, name)) }
