// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

// What the log holds has names of its own in each language, in the files names. A value
// that is not among them, such as a product that somebody added, is shown as it is.

// Product names a product as Zendesk does.
func (p *Printer) Product(slug string) string { return p.name("product.", slug) }

// Status names one of the four statuses.
func (p *Printer) Status(status string) string { return p.name("status.", status) }

// Type names a kind of work, such as ticket_sync.
func (p *Printer) Type(activityType string) string { return p.name("type.", activityType) }

// Evidence names how an activity is known.
func (p *Printer) Evidence(evidence string) string { return p.name("evidence.", evidence) }

// EvidenceMeans says in a sentence how far such evidence goes; it is empty where there is
// nothing to say.
func (p *Printer) EvidenceMeans(evidence string) string {
	key := "evidence." + evidence + "_why"
	if !Has(key) {
		return ""
	}
	return p.T(key)
}

// ErrorType names a class of failures, such as rate_limit.
func (p *Printer) ErrorType(errorType string) string { return p.name("error_type.", errorType) }

// ObjectType names what an activity was about, such as a ticket.
func (p *Printer) ObjectType(objectType string) string { return p.name("object.", objectType) }

func (p *Printer) name(prefix, value string) string {
	if !Has(prefix + value) {
		return value
	}
	return p.T(prefix + value)
}
