// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

import (
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// Printer writes in one language. Several goroutines may use it.
type Printer struct {
	variant *variant
	printer *message.Printer
}

// Lang returns the language of the texts, as the attribute lang of HTML wants it.
func (p *Printer) Lang() string { return p.variant.texts.String() }

// Locale returns the language with its region where dates depend on it, as a script's Intl
// wants it.
func (p *Printer) Locale() string { return p.variant.tag.String() }

// Dir returns the direction of writing, as the attribute dir of HTML wants it.
func (*Printer) Dir() string { return "ltr" }

// T returns the text of a key with its arguments. A key that nobody wrote a text for is
// returned as it is.
func (p *Printer) T(key string, args ...any) string {
	if !Has(key) {
		return key
	}
	return p.printer.Sprintf(message.Key(key, key), args...)
}

// Label returns the text of a key with the colon of a label before a value, which French
// sets apart.
func (p *Printer) Label(key string) string {
	colon := ":"
	if p.variant.texts == language.French {
		colon = "\u00a0:"
	}
	return p.T(key) + colon
}

// Has tells whether there is a text for a key.
func Has(key string) bool {
	_, ok := texts.byLanguage[language.English][key]
	return ok
}

// Number writes a whole number, such as 12,345.
func (p *Printer) Number(n int) string {
	return p.printer.Sprint(number.Decimal(n))
}

// Percent writes a share of 1, with one digit after the point where it is below 10 % or
// above 99 %. What is more than nothing is never written as nothing, nor what is less than
// all as all.
func (p *Printer) Percent(share float64) string {
	const least = 0.001
	switch {
	case share > 0 && share < least:
		return "<" + p.percent(least, 1)
	case share > 1-least && share < 1:
		return ">" + p.percent(1-least, 1)
	case share < 0.1 || share > 0.99:
		return p.percent(share, 1)
	default:
		return p.percent(share, 0)
	}
}

func (p *Printer) percent(share float64, digits int) string {
	return p.printer.Sprint(number.Percent(share, number.MaxFractionDigits(digits)))
}

// Date writes the day of a time, in the time's own zone.
func (p *Printer) Date(t time.Time) string { return p.variant.formats.date(t) }

// Time writes the time of day to the second, in the time's own zone.
func (p *Printer) Time(t time.Time) string { return t.Format(p.variant.formats.clock) }

// DateTime writes day and time, in the time's own zone.
func (p *Printer) DateTime(t time.Time) string {
	return p.Date(t) + p.variant.formats.between + p.Time(t)
}

// Minute writes the time of day to the minute, in the time's own zone.
func (p *Printer) Minute(t time.Time) string { return t.Format(p.variant.formats.minutes) }

// DateMinute writes day and time to the minute, in the time's own zone.
func (p *Printer) DateMinute(t time.Time) string {
	return p.Date(t) + p.variant.formats.between + p.Minute(t)
}
