// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package cdcrecord // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/cdcrecord"

import (
	"strings"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"
)

// maxDescribedFields is how many names a sentence holds.
const maxDescribedFields = 8

// describe says in one sentence what happened to a record.
func (c *change) describe(record string) string {
	switch {
	case c.Type == changeevent.GapOverflow:
		return c.describeOverflow()
	case c.Type.IsGap():
		return c.describeGap(record)
	case c.outcome != nil:
		return c.describeOutcome(record)
	}
	sentence := c.subject(record) + " " + c.verb(record) + " in Salesforce"
	if c.entity.isTarget() {
		sentence += " by the integration" + c.fieldList()
		if c.ticket != "" {
			sentence += ", for ticket " + c.ticket
		}
		return sentence
	}
	sentence += c.fieldList()
	switch c.Type {
	case changeevent.Create, changeevent.Update, changeevent.Undelete:
		return sentence + "; " + c.obligation(record)
	default:
		return sentence + "; what becomes of " + c.counterpart(record) + " in Zendesk is not known"
	}
}

func (c *change) subject(record string) string {
	switch {
	case record == "*":
		return "Many " + c.entity.plural
	case isWildcard(record):
		return "Many " + c.entity.plural + " (" + record + ")"
	case record == "":
		return capital(c.entity.plural)
	default:
		return capital(c.entity.noun) + " " + record
	}
}

func (c *change) verb(record string) string {
	word := "changed"
	switch c.Type {
	case changeevent.Create, changeevent.GapCreate:
		word = "created"
	case changeevent.Delete, changeevent.GapDelete:
		word = "deleted"
	case changeevent.Undelete, changeevent.GapUndelete:
		word = "restored from the recycle bin"
	case changeevent.Update, changeevent.GapUpdate:
	}
	if isWildcard(record) {
		return "were " + word
	}
	return word
}

// obligation says what should follow, and never that it did.
func (c *change) obligation(record string) string {
	if isWildcard(record) {
		return "they should be synchronised to " + c.entity.becomesPlural
	}
	return "it should be synchronised to " + c.entity.becomes
}

func (c *change) counterpart(record string) string {
	if isWildcard(record) {
		return "their " + c.entity.becomesPlural
	}
	_, noun, _ := strings.Cut(c.entity.becomes, " ")
	return "its " + noun
}

func (c *change) fieldList() string {
	if c.Type != changeevent.Update || len(c.fields) == 0 {
		return ""
	}
	return " (" + list(c.fields, maxDescribedFields) + ")"
}

func (c *change) describeOutcome(record string) string {
	said := c.outcome.word
	if c.outcome.message != "" && c.outcome.message != said {
		if said != "" {
			said += ": "
		}
		said += c.outcome.message
	}
	subject := c.subject(record)
	if c.outcome.failure() != nil {
		return subject + " could not be synchronised to " + c.entity.becomes + ", says Zendesk's package in Salesforce: " + said
	}
	return subject + ": Zendesk's package in Salesforce says about its synchronisation to " + c.entity.becomes + ": " + said
}

func (c *change) describeGap(record string) string {
	sentence := c.subject(record) + " " + c.verb(record) + " in Salesforce"
	if c.entity.isTarget() && c.CommitUser != "" {
		sentence += " by a user of the integration"
	}
	sentence += ", which sent no details (a gap event)"
	switch {
	case !c.entity.isTarget():
		return sentence + "; look at the record to see what should be synchronised to " + c.entity.becomes
	case c.CommitUser == "":
		return sentence + "; whether the integration did it is not known"
	default:
		return sentence
	}
}

func (c *change) describeOverflow() string {
	sentence := "Too many changes in one transaction in Salesforce, which sent no events for more of its " + c.entity.plural + " (an overflow event)"
	if c.entity.isTarget() {
		return sentence + "; which of them the integration changed is not known"
	}
	return sentence + "; which of them should be synchronised to " + c.entity.becomesPlural + " is not known"
}

func capital(noun string) string {
	return strings.ToUpper(noun[:1]) + noun[1:]
}
