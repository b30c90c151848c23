// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package objectlink

import (
	"net/url"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

type attributes = map[string]string

var configured = Config{Zendesk: "https://acme.zendesk.com", Salesforce: "https://acme.my.salesforce.com"}

func TestFor(t *testing.T) {
	tests := map[string]struct {
		activity activities.Activity
		want     []Link
	}{
		"a ticket of a flow": {
			activities.Activity{Product: "zis", Account: "other", ObjectType: "ticket", ObjectID: "35436"},
			[]Link{{"https://other.zendesk.com/agent/tickets/35436", "Zendesk", "ticket"}},
		},
		"a user of a flow that names no account": {
			activities.Activity{Product: "zis", ObjectType: "user", ObjectID: "398"},
			[]Link{{"https://acme.zendesk.com/agent/users/398", "Zendesk", "user"}},
		},
		"an organization of a flow with an account's number": {
			activities.Activity{Product: "zis", Account: "12345", ObjectType: "organization", ObjectID: "36"},
			[]Link{{"https://acme.zendesk.com/agent/organizations/36", "Zendesk", "organization"}},
		},
		"an id that is none":          {activities.Activity{Product: "actions", Account: "acme", ObjectType: "ticket", ObjectID: "35/../../admin"}, nil},
		"an id with a minus":          {activities.Activity{Product: "actions", Account: "acme", ObjectType: "ticket", ObjectID: "-35"}, nil},
		"a conversation":              {activities.Activity{Product: "bot-builder", Account: "acme", ObjectType: "conversation", ObjectID: "35"}, nil},
		"a user of another system":    {activities.Activity{Product: "sunshine-conversations", Account: "acme", ObjectType: "user", ObjectID: "35"}, nil},
		"a product of somebody's own": {activities.Activity{Product: "erp", Account: "acme", ObjectType: "ticket", ObjectID: "35"}, nil},
		"an account that is a host": {
			activities.Activity{Product: "zis", Account: "evil.example/", ObjectType: "ticket", ObjectID: "35"},
			[]Link{{"https://acme.zendesk.com/agent/tickets/35", "Zendesk", "ticket"}},
		},
		"an order": {
			activities.Activity{Product: "shopify", Account: "fern-and-flint.myshopify.com", ObjectType: "order", ObjectID: "5550001112223334446"},
			[]Link{{"https://admin.shopify.com/store/fern-and-flint/orders/5550001112223334446", "Shopify", "order"}},
		},
		"a customer": {
			activities.Activity{Product: "shopify", Account: "fern.myshopify.com", ObjectType: "customer", ObjectID: "7011223344556677889", Attributes: attributes{"shopify_customer_id": "1"}},
			[]Link{{"https://admin.shopify.com/store/fern/customers/7011223344556677889", "Shopify", "customer"}},
		},
		"a draft order": {
			activities.Activity{Product: "shopify", Account: "fern.myshopify.com", ObjectType: "draft_order", ObjectID: "72885271"},
			[]Link{{"https://admin.shopify.com/store/fern/draft_orders/72885271", "Shopify", "draft_order"}},
		},
		"a refund, at its order": {
			activities.Activity{Product: "shopify", Account: "fern.myshopify.com", ObjectType: "refund", ObjectID: "89", Attributes: attributes{"shopify_order_id": "555"}},
			[]Link{{"https://admin.shopify.com/store/fern/orders/555", "Shopify", "order"}},
		},
		"a means of payment, at its customer": {
			activities.Activity{Product: "shopify", Account: "fern.myshopify.com", ObjectType: "customer_payment_method", ObjectID: "a1", Attributes: attributes{"shopify_customer_id": "701"}},
			[]Link{{"https://admin.shopify.com/store/fern/customers/701", "Shopify", "customer"}},
		},
		"a shop that is none":    {activities.Activity{Product: "shopify", Account: "fern.example", ObjectType: "order", ObjectID: "555"}, nil},
		"a shop below another":   {activities.Activity{Product: "shopify", Account: "fern.myshopify.com.evil.example", ObjectType: "order", ObjectID: "555"}, nil},
		"an order without an id": {activities.Activity{Product: "shopify", Account: "fern.myshopify.com", ObjectType: "order"}, nil},
		"a case and its ticket": {
			activities.Activity{Product: "salesforce", ObjectType: "case", ObjectID: "5005g00000AbCdEAAV", Attributes: attributes{"zendesk_ticket_id": "35"}},
			[]Link{
				{"https://acme.lightning.force.com/lightning/r/Case/5005g00000AbCdEAAV/view", "Salesforce", "case"},
				{"https://acme.zendesk.com/agent/tickets/35", "Zendesk", "ticket"},
			},
		},
		"an account and its organization": {
			activities.Activity{Product: "salesforce", ObjectType: "account", ObjectID: "0015g00000AbCdE", Attributes: attributes{"zendesk_object_type": "organization", "zendesk_object_id": "36"}},
			[]Link{
				{"https://acme.lightning.force.com/lightning/r/Account/0015g00000AbCdE/view", "Salesforce", "account"},
				{"https://acme.zendesk.com/agent/organizations/36", "Zendesk", "organization"},
			},
		},
		"the id of another object": {activities.Activity{Product: "salesforce", ObjectType: "lead", ObjectID: "0015g00000AbCdE"}, nil},
		"a bulk job":               {activities.Activity{Product: "salesforce", ObjectType: "bulk_job", ObjectID: "7505g00000AbCdE"}, nil},
		"nothing":                  {activities.Activity{}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, New(configured).For(&test.activity))
		})
	}
}

func TestWithoutConfiguration(t *testing.T) {
	linker := New(Config{})
	require.Empty(t, linker.For(&activities.Activity{Product: "salesforce", ObjectType: "case", ObjectID: "5005g00000AbCdEAAV", Attributes: attributes{"zendesk_ticket_id": "35"}}))
	require.Empty(t, linker.For(&activities.Activity{Product: "zis", ObjectType: "ticket", ObjectID: "35"}))
	require.Len(t, linker.For(&activities.Activity{Product: "zis", Account: "acme", ObjectType: "ticket", ObjectID: "35"}), 1)
}

func TestSandbox(t *testing.T) {
	linker := New(Config{Salesforce: "https://Acme--UAT.sandbox.my.salesforce.com/"})
	links := linker.For(&activities.Activity{Product: "salesforce", ObjectType: "lead", ObjectID: "00Q5g00000AbCdE"})
	require.Equal(t, []Link{{"https://acme--uat.sandbox.lightning.force.com/lightning/r/Lead/00Q5g00000AbCdE/view", "Salesforce", "lead"}}, links)
}

func TestValidate(t *testing.T) {
	for name, cfg := range map[string]Config{
		"nothing":        {},
		"both":           configured,
		"with a slash":   {Zendesk: "https://acme.zendesk.com/", Salesforce: "https://acme.my.salesforce.com/"},
		"with a sandbox": {Salesforce: "https://acme--uat.sandbox.my.salesforce.com"},
		"developers'":    {Salesforce: "https://acme-dev-ed.develop.my.salesforce.com"},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, cfg.Validate())
		})
	}
	for name, test := range map[string]struct {
		cfg  Config
		want string
	}{
		"not encrypted":         {Config{Zendesk: "http://acme.zendesk.com"}, "zendesk: "},
		"with a path":           {Config{Zendesk: "https://acme.zendesk.com/agent"}, "zendesk: "},
		"with a port":           {Config{Zendesk: "https://acme.zendesk.com:444"}, "zendesk: "},
		"with a user":           {Config{Zendesk: "https://me@acme.zendesk.com"}, "zendesk: "},
		"another host":          {Config{Zendesk: "https://acme.example"}, "zendesk: "},
		"no address":            {Config{Zendesk: "acme"}, "zendesk: "},
		"not My Domain":         {Config{Salesforce: "https://login.salesforce.com"}, "salesforce: "},
		"a look-alike":          {Config{Salesforce: "https://acme.my.salesforce.com.evil.example"}, "salesforce: "},
		"another of Salesforce": {Config{Salesforce: "https://acme.other.my.salesforce.com"}, "salesforce: "},
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, test.cfg.Validate(), test.want)
			require.Equal(t, &Linker{}, New(test.cfg), "what is not valid is not used")
		})
	}
}

// Whatever the log holds, a link leads by https to one of the hosts of the vendors, and to
// the page of one object.
func FuzzFor(f *testing.F) {
	f.Add("zis", "acme", "ticket", "35", "", "", "", "", "")
	f.Add("shopify", "fern.myshopify.com", "refund", "1", "555", "7", "", "", "")
	f.Add("salesforce", "", "case", "5005g00000AbCdEAAV", "", "", "35", "user", "36")
	f.Add("actions", "evil.example/", "ticket", "javascript:alert(1)", "", "", "", "", "")
	f.Add("shopify", "a.myshopify.com\n.evil.example", "order", "1?x#y", "", "", "", "", "")
	f.Add("zis", "acme@evil", "user", "１２", "", "", "", "", "")

	allowed := regexp.MustCompile(`^https://(?:` +
		`[a-z][a-z0-9-]*\.zendesk\.com/agent/(?:tickets|users|organizations)/[0-9]+` +
		`|admin\.shopify\.com/store/[a-z0-9-]+/(?:orders|draft_orders|customers)/[0-9]+` +
		`|acme\.lightning\.force\.com/lightning/r/(?:Case|Account|Contact|Lead)/[0-9A-Za-z]{15,18}/view)$`)
	linker := New(configured)
	f.Fuzz(func(t *testing.T, product, account, objectType, objectID, order, customer, ticket, zendeskType, zendeskID string) {
		for _, link := range linker.For(&activities.Activity{
			Product: product, Account: account, ObjectType: objectType, ObjectID: objectID,
			Attributes: attributes{
				"shopify_order_id": order, "shopify_customer_id": customer,
				"zendesk_ticket_id": ticket, "zendesk_object_type": zendeskType, "zendesk_object_id": zendeskID,
			},
		}) {
			require.Regexp(t, allowed, link.URL)
			u, err := url.Parse(link.URL)
			require.NoError(t, err)
			require.Nil(t, u.User)
			require.Contains(t, []string{"Zendesk", "Shopify", "Salesforce"}, link.System)
		}
	})
}
