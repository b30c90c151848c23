// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// userPrefix is what ids of users begin with.
const userPrefix = "005"

// Zendesk's package for Salesforce writes the outcome of a synchronisation into these
// fields of an account, a contact or a lead, where it is installed.
const (
	DefaultOutcomeStatusField  = "Zendesk__Last_Sync_Status__c"
	DefaultOutcomeMessageField = "Zendesk__Result__c"
)

// Settings tell what is an activity.
type Settings struct {
	// Account is the organization's id.
	Account string
	// IntegrationUsers are the ids, of 15 or 18 letters, of the users as whom the
	// integration works. ChangeOrigins are patterns of where its changes come from, in
	// which an asterisk stands for anything. A change of a case has to match both, as far
	// as they are given; where neither is, no case counts.
	IntegrationUsers []string
	ChangeOrigins    []string
	// MappedFields are, for each object, the fields that are synchronised: Phone, BillingCity
	// or BillingAddress.City, or a compound field as a whole. Where an object has none,
	// every change of it counts.
	MappedFields map[string][]string
	// OutcomeStatusField and OutcomeMessageField hold the outcome of a synchronisation.
	OutcomeStatusField  string
	OutcomeMessageField string
	// TicketField is the field of a case that holds the number of its ticket, if any.
	TicketField string
}

// Rules decide what a change event becomes.
type Rules struct {
	settings Settings
	users    map[sfid.Short]struct{}
	origins  []*regexp.Regexp
	// mapped has the objects in lower case.
	mapped map[string]mapping
	keep   []string
}

// New checks the settings.
func New(settings Settings) (*Rules, error) {
	r := &Rules{settings: settings, users: map[sfid.Short]struct{}{}, mapped: map[string]mapping{}}
	var errs []error
	for _, user := range settings.IntegrationUsers {
		id, ok := sfid.Parse(user)
		if !ok || !strings.HasPrefix(user, userPrefix) {
			errs = append(errs, fmt.Errorf("%q is no id of a user: it has 15 or 18 letters and digits and begins with 005", user))
			continue
		}
		r.users[id] = struct{}{}
	}
	for _, pattern := range settings.ChangeOrigins {
		if pattern == "" {
			errs = append(errs, errors.New("a change origin is empty"))
			continue
		}
		r.origins = append(r.origins, originPattern(pattern))
	}
	for object, fields := range settings.MappedFields {
		if len(fields) > 0 {
			r.mapped[strings.ToLower(object)] = newMapping(fields)
		}
	}
	for _, name := range []string{settings.OutcomeStatusField, settings.OutcomeMessageField, settings.TicketField} {
		if name != "" {
			r.keep = append(r.keep, name)
		}
	}
	return r, errors.Join(errs...)
}

// Keep are the fields of which the values are needed, and no others.
func (r *Rules) Keep() []string { return r.keep }

// Account is the organization's id.
func (r *Rules) Account() string { return r.settings.Account }

// originPattern matches a whole text.
func originPattern(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?is)^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*") + "$")
}
