// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import "strings"

// mapping are the fields of an object that are synchronised, in lower case: Salesforce's
// names do not tell capitals apart.
type mapping struct {
	names map[string]struct{}
	// compounds are those of which a part is mapped by its dotted name.
	compounds map[string]struct{}
}

func newMapping(fields []string) mapping {
	m := mapping{names: map[string]struct{}{}, compounds: map[string]struct{}{}}
	for _, name := range fields {
		name = strings.ToLower(strings.TrimSpace(name))
		m.names[name] = struct{}{}
		if compound, _, ok := strings.Cut(name, "."); ok {
			m.compounds[compound] = struct{}{}
		}
	}
	return m
}

// addressParts are what an address consists of.
// Source: https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/compound_fields_address.htm
var addressParts = [...]string{"street", "city", "state", "postalcode", "country", "statecode", "countrycode", "latitude", "longitude", "geocodeaccuracy"}

// matches tells whether a field that changed is mapped. A change event has BillingCity as
// BillingAddress.City, FirstName as Name.FirstName and Place__Latitude__s as
// Place__c.Latitude; both ways to write it will do.
func (m mapping) matches(changed string) bool {
	changed = strings.ToLower(changed)
	if m.has(changed) {
		return true
	}
	compound, part, nested := strings.Cut(changed, ".")
	prefix, isAddress := strings.CutSuffix(compound, "address")
	if !nested {
		return m.matchesWhole(compound, prefix, isAddress)
	}
	custom, isCustom := strings.CutSuffix(compound, "__c")
	return m.has(compound) ||
		compound == "name" && m.has(part) ||
		isAddress && m.has(prefix+part) ||
		isCustom && (m.has(custom+"__"+part) || m.has(custom+"__"+part+"__s"))
}

// matchesWhole is for a compound of which everything changed at once.
func (m mapping) matchesWhole(compound, prefix string, isAddress bool) bool {
	if _, ok := m.compounds[compound]; ok {
		return true
	}
	if !isAddress {
		return false
	}
	for _, part := range addressParts {
		if m.has(prefix + part) {
			return true
		}
	}
	return false
}

func (m mapping) has(name string) bool {
	_, ok := m.names[name]
	return ok
}

// systemFields change with every change.
var systemFields = newMapping([]string{"LastModifiedDate", "LastModifiedById", "SystemModstamp", "LastActivityDate", "LastViewedDate", "LastReferencedDate"})

// relevant returns those of the fields that count: the mapped ones, or without a mapping
// all but Salesforce's own.
func (r *Rules) relevant(entity string, changed []string) []string {
	mapped, ok := r.mapped[strings.ToLower(entity)]
	var names []string
	for _, name := range changed {
		if ok && mapped.matches(name) || !ok && !systemFields.has(strings.ToLower(name)) {
			names = append(names, name)
		}
	}
	return names
}
