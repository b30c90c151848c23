// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package payload

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	tests := map[string]struct {
		body string
		want map[Field]string
	}{
		"nothing":                   {`{}`, nil},
		"null":                      {`{"id":null,"name":null,"created_at":null,"order":null}`, nil},
		"wrong types":               {`{"id":true,"name":["a"],"order_id":{"id":1},"order":[{"id":1}],"status":false}`, nil},
		"number as it is written":   {`{"id":9007199254740993,"amount":10.50,"total_price":"10.50"}`, map[Field]string{ID: "9007199254740993", Amount: "10.50", TotalPrice: "10.50"}},
		"first of two":              {`{"id":1,"id":2,"customer_id":3,"customerId":4}`, map[Field]string{ID: "1", CustomerID: "3"}},
		"escaped":                   {`{"name":"\u0023\u0031","status":"o\u0070en"}`, map[Field]string{Name: "#1", Status: "open"}},
		"escaped name is not ours":  {`{"\u0069d":1}`, nil},
		"quotes in a name":          {`{"\"id\"":1,"id\"":2}`, nil},
		"nested":                    {`{"order":{"id":1,"email":"x"},"order_edit":{"order_id":2,"id":3},"data_request":{"id":4}}`, map[Field]string{OrderID: "1", ID: "3", DataRequestID: "4"}},
		"of a neighbour's":          {`{"customer":{"id":1,"name":"x","state":"y"},"line_items":[{"id":2,"name":"x"}],"data":{"id":3}}`, nil},
		"merged":                    {`{"fulfillment_order_merges":{"fulfillment_order":{"id":"gid://shopify/FulfillmentOrder/1","status":"open"}}}`, map[Field]string{ID: "gid://shopify/FulfillmentOrder/1", Status: "open"}},
		"hold":                      {`{"created_fulfillment_hold":{"reason":"other","reason_notes":"x"}}`, map[Field]string{Reason: "other"}},
		"words only":                {`{"status":"a b","reason":"x@y.z","kind":"ä","currency":"€","order_id":"+41"}`, nil},
		"names may have anything":   {`{"name":"Nº 1 ✓","tracking_company":"La Poste & Cie"}`, map[Field]string{Name: "Nº 1 ✓", TrackingCompany: "La Poste & Cie"}},
		"but control characters":    {`{"name":"a\nb","tracking_company":"a\u0000"}`, nil},
		"invalid UTF-8":             {"{\"name\":\"a\xff\",\"status\":\"\xff\",\"\xff\":1}", map[Field]string{Name: "a\uFFFD"}},
		"long":                      {`{"name":"` + strings.Repeat("x", 256) + `","status":"` + strings.Repeat("x", 255) + `"}`, map[Field]string{Status: strings.Repeat("x", 255)}},
		"ids of an event":           {`{"query_variables":{"customerId":"a","orderId":"b","refundId":"c","returnId":"d","fulfillmentOrderId":"e","productId":"f"}}`, map[Field]string{CustomerID: "a", OrderID: "b", RefundID: "c", ReturnID: "d", FulfillmentOrderID: "e"}},
		"changed fields, flat":      {`{"fields_changed":["a.b","c"]}`, map[Field]string{FieldsChanged: "a.b,c"}},
		"changed fields, by kind":   {`{"fields_changed":{"added":["a"],"updated":["b","a"],"removed":[]}}`, map[Field]string{FieldsChanged: "a,b"}},
		"changed fields of objects": {`{"fields_changed":["customer[id: 'gid://shopify/Customer/1'].addresses[id: 'gid://shopify/MailingAddress/2'].city"]}`, map[Field]string{FieldsChanged: "customer.addresses.city"}},
		"changed fields, unclear":   {`{"fields_changed":["customer[id: '[2]'].city"]}`, nil},
		"changed fields, odd":       {`{"fields_changed":["[","a[","a b",[["deep"]],{"x":"value"},1,null]}`, map[Field]string{FieldsChanged: "a,deep"}},
		"changed fields, no list":   {`{"fields_changed":"a","id":1}`, map[Field]string{FieldsChanged: "a", ID: "1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var p Payload
			require.NoError(t, p.Parse([]byte(test.body)))
			got := map[Field]string{}
			for field := range fieldCount {
				if value := p.Get(field); value != "" {
					got[field] = value
				}
			}
			if test.want == nil {
				test.want = map[Field]string{}
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestParseBoundsChangedFields(t *testing.T) {
	var names []string
	for i := range 60 {
		names = append(names, fmt.Sprintf(`"f%d"`, i))
	}
	var p Payload
	require.NoError(t, p.Parse([]byte(`{"fields_changed":[`+strings.Join(names, ",")+`],"id":1}`)))
	require.Len(t, strings.Split(p.Get(FieldsChanged), ","), 50)
	require.Equal(t, "1", p.Get(ID), "what follows is read")
}

func TestParseErrorsQuoteNothing(t *testing.T) {
	deep := strings.Repeat("[", 20_000)
	tests := map[string]string{
		"":                           "body is no JSON object",
		" ":                          "body is no JSON object",
		"canary":                     "body is no JSON object",
		"null":                       "body is no JSON object",
		`["canary"]`:                 "body is no JSON object",
		`"canary"`:                   "body is no JSON object",
		`<order canary="1"/>`:        "body is no JSON object",
		`{"canary":`:                 "body is JSON that ends early",
		`{"id":1`:                    "body is JSON that ends early",
		`{"fields_changed":["a"`:     "body is JSON that ends early",
		`{"id":"canary`:              "body is JSON that ends early",
		`{"canary" 1}`:               "body is not valid JSON",
		`{canary:1}`:                 "body is not valid JSON",
		`{"id":01}`:                  "body is not valid JSON",
		`{"id":1,}`:                  "body is not valid JSON",
		`{"id":"a\canary"}`:          "body is not valid JSON",
		`{"order":{"id":1]}`:         "body is not valid JSON",
		`{"canary":` + deep:          "body is not valid JSON",
		`{"fields_changed":` + deep:  "body is not valid JSON",
		`{"id":1}{"canary":2}`:       "body has more than one JSON value",
		`{"id":1} canary`:            "body has more than one JSON value",
		"\ufeff{\"id\":1}":           "body is no JSON object",
		"{\"id\":1}\x00":             "body has more than one JSON value",
		`{"data_request":{"id":tru}`: "body is not valid JSON",
	}
	for body, want := range tests {
		require.EqualError(t, new(Payload).Parse([]byte(body)), want, "%.40q", body)
	}
}

// TestParseKeepsNothingOfTheBody guards against values that alias a buffer which is
// used again for the next request.
func TestParseKeepsNothingOfTheBody(t *testing.T) {
	body := []byte(`{"id":123,"name":"#1001","status":"open","fields_changed":["a"]}`)
	var p Payload
	require.NoError(t, p.Parse(body))
	before := fmt.Sprint(p)
	for i := range body {
		body[i] = 'x'
	}
	require.NoError(t, new(Payload).Parse([]byte(`{"id":456,"name":"#2002","status":"closed"}`)))
	require.Equal(t, before, fmt.Sprint(p))
}
