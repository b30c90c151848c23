// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/simulator/senders"
)

// Delivery is a webhook of a shop.
type Delivery struct {
	// Shop is the shop's domain.
	Shop    string
	Webhook senders.ShopifyWebhook
}

// Product implements What.
func (Delivery) Product() activity.Product { return activity.Shopify }

// shop is a shop with the number of its next order.
type shop struct {
	domain   string
	currency string
	next     int
}

// addShops adds what customers do in three shops of different size.
func (c *Company) addShops() {
	for i, of := range []struct {
		shop   shop
		perDay float64
	}{
		{shop{"acme-store.myshopify.com", "EUR", 48200}, 32},
		{shop{"acme-uk.myshopify.com", "GBP", 7110}, 14},
		{shop{"acme-outlet.myshopify.com", "EUR", 1460}, 5},
	} {
		s := of.shop
		number := i + 1
		c.add(source{name: s.domain, perDay: of.perDay, curve: &shoppers, happen: func(d dice, at time.Time) []Event {
			s.next++
			return s.order(d, at, number*1_000_000+s.next)
		}})
		c.add(source{name: s.domain + " customers", perDay: of.perDay / 4, curve: &shoppers, happen: func(d dice, at time.Time) []Event {
			topic := pick(d, "customers/update", "customers/update", "customers/create", "customers/data_request")
			return []Event{s.deliver(d, topic, at, false, customerBody(d, topic, at))}
		}})
	}
}

// order is all that becomes of one order, over days.
func (s *shop) order(d dice, at time.Time, id int) []Event {
	name := fmt.Sprintf("#%d", s.next)
	buyer := pick(d, persons...)
	amount := fmt.Sprintf("%d.%02d", 12+d.IntN(180), d.IntN(100))
	body := func(more map[string]any) map[string]any {
		all := map[string]any{
			"id": 5_550_000_000_000 + id, "name": name, "email": buyer.email, "currency": s.currency, "total_price": amount,
			"customer": map[string]any{"id": 7_064_000_000_000 + id%997, "first_name": buyer.first, "last_name": buyer.last},
		}
		maps.Copy(all, more)
		return all
	}
	payment := func(status, code string) map[string]any {
		return map[string]any{
			"id": 3_894_000_000_000 + id*10 + d.IntN(10), "order_id": 5_550_000_000_000 + id, "kind": "sale", "status": status, "amount": amount, "currency": s.currency,
			"gateway": "bogus", "error_code": code,
		}
	}
	events := []Event{s.deliver(d, "orders/create", at, false, body(map[string]any{"financial_status": "pending"}))}
	then := func(topic string, after time.Duration, failed bool, body map[string]any) {
		at = at.Add(after)
		events = append(events, s.deliver(d, topic, at, failed, body))
	}
	if d.chance(0.06) {
		then("order_transactions/create", d.between(time.Second, 20*time.Second), true,
			payment("failure", pick(d, "card_declined", "expired_card", "incorrect_cvc", "processing_error")))
		if d.chance(0.4) {
			then("orders/cancelled", d.between(time.Hour, 4*time.Hour), false, body(map[string]any{"cancel_reason": "declined"}))
			return events
		}
	}
	then("order_transactions/create", d.between(time.Second, 90*time.Second), false, payment("success", ""))
	then("orders/paid", d.between(time.Second, 3*time.Second), false, body(map[string]any{"financial_status": "paid"}))
	return append(events, s.ship(d, at, id, name, body)...)
}

// ship is what becomes of an order that is paid.
func (s *shop) ship(d dice, at time.Time, id int, name string, order func(map[string]any) map[string]any) []Event {
	var events []Event
	carrier := pick(d, "DHL", "UPS", "DPD", "Royal Mail")
	fulfillment := func(status, shipment string) map[string]any {
		return map[string]any{
			"id": 6_660_000_000_000 + id, "order_id": 5_550_000_000_000 + id, "name": name + ".1", "status": status, "shipment_status": shipment, "tracking_company": carrier,
		}
	}
	then := func(topic string, after time.Duration, failed bool, body map[string]any) {
		at = opening(d, at.Add(after))
		events = append(events, s.deliver(d, topic, at, failed, body))
	}
	then("fulfillments/create", d.between(2*time.Hour, 14*time.Hour), false, fulfillment("success", "confirmed"))
	if d.chance(0.02) {
		then("fulfillments/update", d.between(time.Hour, 4*time.Hour), true, fulfillment("failure", "failure"))
		return events
	}
	then("fulfillments/update", d.between(2*time.Hour, 9*time.Hour), false, fulfillment("success", "in_transit"))
	if d.chance(0.08) {
		then("fulfillments/update", d.between(8*time.Hour, 24*time.Hour), false, fulfillment("success", "attempted_delivery"))
	}
	then("fulfillments/update", d.between(12*time.Hour, 40*time.Hour), false, fulfillment("success", "delivered"))
	if d.chance(0.07) {
		then("refunds/create", d.between(20*time.Hour, 60*time.Hour), false,
			map[string]any{"id": 8_905_000_000_000 + id, "order_id": 5_550_000_000_000 + id, "note": "The colour is not what " + pick(d, persons...).first + " expected"})
		then("orders/updated", d.between(time.Second, 5*time.Second), false, order(map[string]any{"financial_status": "refunded"}))
	}
	return events
}

// deliver makes a webhook of a body. A shop that is far away takes a moment to send it, but
// the time is that of what happened.
func (s *shop) deliver(d dice, topic string, at time.Time, failed bool, body map[string]any) Event {
	body["updated_at"] = at.UTC().Format(time.RFC3339)
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // numbers, texts and maps of them can all be written
	}
	return once(at, Delivery{Shop: s.domain, Webhook: senders.ShopifyWebhook{
		Topic: topic, DeliveryID: d.uuid(), EventID: d.uuid(), TriggeredAt: at, Body: text, Failed: failed, Name: subscription(topic),
	}})
}

// subscription is what the developer of the shops' app calls the subscription to a topic.
func subscription(topic string) string {
	switch kind, _, _ := strings.Cut(topic, "/"); kind {
	case "customers":
		return "zendesk-customers"
	case "fulfillments":
		return "zendesk-fulfillments"
	default:
		return "zendesk-orders"
	}
}

func customerBody(d dice, topic string, at time.Time) map[string]any {
	who := pick(d, persons...)
	id := 7_064_000_000_000 + d.IntN(997)
	if topic == "customers/data_request" {
		return map[string]any{"shop_id": 954889, "customer": map[string]any{"id": id, "email": who.email}, "data_request": map[string]any{"id": 99_000 + d.IntN(1000)}}
	}
	return map[string]any{
		"id": id, "email": who.email, "first_name": who.first, "last_name": who.last, "phone": "+441632960001", "state": "enabled",
		"created_at": at.UTC().Format(time.RFC3339), "orders_count": d.IntN(9),
	}
}
