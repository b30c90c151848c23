// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

func TestMapping(t *testing.T) {
	tests := []struct {
		changed, mapped string
		want            bool
	}{
		{"Phone", "Phone", true},
		{"Phone", "phone ", true},
		{"Phone", "Fax", false},
		{"BillingAddress.City", "BillingAddress.City", true},
		{"BillingAddress.City", "BillingAddress", true},
		{"BillingAddress.City", "BillingCity", true},
		{"BillingAddress.City", "BillingStreet", false},
		{"BillingAddress.City", "ShippingCity", false},
		{"BillingAddress.City", "City", false},
		{"Address.City", "City", true},
		{"BillingAddress", "BillingCity", true},
		{"BillingAddress", "BillingAddress.City", true},
		{"BillingAddress", "BillingAddress", true},
		{"BillingAddress", "BillingNote", false},
		{"BillingAddress", "ShippingCity", false},
		{"Address", "City", true},
		{"Address", "Phone", false},
		{"Name.FirstName", "FirstName", true},
		{"Name.FirstName", "Name", true},
		{"Name.FirstName", "LastName", false},
		{"Name", "Name", true},
		{"Place__c.Latitude", "Place__Latitude__s", true},
		{"Place__c.Latitude", "Place__c", true},
		{"Place__c.Latitude__s", "Place__Latitude__s", true},
		{"Place__c.Latitude", "Other__Latitude__s", false},
	}
	for _, test := range tests {
		require.Equal(t, test.want, newMapping([]string{"Other__c", test.mapped}).matches(test.changed), "%s changed, %s is mapped", test.changed, test.mapped)
	}
}

func TestOnlyMappedFields(t *testing.T) {
	r := rules(t, func(s *Settings) {
		s.MappedFields = map[string][]string{"account": {"Name", "BillingCity"}, "Case": {"Subject"}, "Contact": {}}
	})
	tests := map[string]struct {
		event *changeevent.Event
		want  Skip
	}{
		"a mapped field":              {event("Account", changeevent.Update, "Name"), NotSkipped},
		"a mapped part":               {event("Account", changeevent.Update, "BillingAddress.City", "Fax"), NotSkipped},
		"others":                      {event("Account", changeevent.Update, "Fax", "BillingAddress.Street", "LastModifiedDate"), NotMapped},
		"a creation":                  {event("Account", changeevent.Create), NotSkipped},
		"a deletion":                  {event("Account", changeevent.Delete), NotSkipped},
		"a gap":                       {event("Account", changeevent.GapUpdate), NotSkipped},
		"another object's":            {event("Lead", changeevent.Update, "Fax"), NotSkipped},
		"an empty mapping":            {event("Contact", changeevent.Update, "Fax"), NotSkipped},
		"a mapped field of a case":    {event("Case", changeevent.Update, "Subject"), NotSkipped},
		"another field of a case":     {event("Case", changeevent.Update, "Priority"), NotMapped},
		"it is not known what it was": {incomplete(event("Account", changeevent.Update, "Fax")), NotSkipped},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, skip := r.Activities(test.event, delivery())
			require.Equal(t, test.want, skip)
		})
	}
	require.Equal(t, "Account "+accountID+" changed in Salesforce (BillingAddress.City); it should be synchronised to an organization",
		one(t, r, event("Account", changeevent.Update, "BillingAddress.City", "Fax")).Description, "only what counts is told")
}

func incomplete(e *changeevent.Event) *changeevent.Event {
	e.Incomplete = true
	return e
}
