// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"regexp"
	"strings"
)

// How many digits a phone number has: E.164 allows 15, and in practice there are no fewer
// than 7.
const (
	MinPhoneDigits = 7
	maxPhoneDigits = 15
)

// minTrunkDigits is what a national number with its leading zero has at least; with fewer
// it may be a date.
const minTrunkDigits = 9

// separators are what stands between the digits of a phone number, or before them.
const separators = "+-() ./"

// MayBePhoneNumber tells whether a text is made like a phone number and nothing else.
// Ids are, too: who knows that a place has none can keep all such out.
func MayBePhoneNumber(text string) bool {
	digits := countDigits(text)
	return MinPhoneDigits <= digits && digits <= maxPhoneDigits && strings.Trim(text, "0123456789"+separators) == ""
}

// The forms of phone numbers among digits and what may stand between them. What comes
// before a number is neither a digit nor a digit and a separator: that would be a part of
// something longer, such as a date.
const (
	before = `(?:^|[^0-9.-]|(?:^|\D)[.-])`
	after  = `(?:\D|$)`
)

var phoneNumbers = []*regexp.Regexp{
	// +33612345678, +33 6 12 34 56 78, +1 (555) 123-4567
	regexp.MustCompile(`\+[ (]?\d(?:[ .()/-]{0,3}\d){6,14}` + after),
	// (555) 123-4567
	regexp.MustCompile(`\(\d{2,5}\)[ ./-]?\d(?:[ ./-]?\d){5,9}` + after),
	// 555-123-4567, 1-555-123-4567
	regexp.MustCompile(before + `(?:1[ .-])?\d{3}[ .-]\d{3}[ .-]\d{4}` + after),
	// 06 12 34 56 78, 33 6 12 34 56 78
	regexp.MustCompile(before + `(?:0|(?:00)?33[ .-]?)[1-9](?:[ .-]\d\d){4}` + after),
}

// trunk is a national number, but for its count of digits: 0664/1234567, 020 7946 0958.
var trunk = regexp.MustCompile(before + `(0\d{1,4}[ /]\d{2,8}(?:[ -]\d{2,8}){0,3})` + after)

// announced is a number of bare digits that says what it is.
var announced = regexp.MustCompile(`(?:hone(?:[ _]?[Nn]umber)?[ _:=]{1,3}|(?:^|[^A-Za-z])(?:tel|sms|whatsapp):)\d(?:[ .()-]?\d){6,14}` + after)

func holdsPhoneNumber(text string) bool {
	for run := range strings.FieldsFuncSeq(text, isNoPartOfNumber) {
		if isNumber(run) {
			return true
		}
	}
	return MayBePhoneNumber(text) && isSeparated(text) || announces(text) && announced.MatchString(text)
}

// isNumber looks for a phone number among digits and what may stand between them.
func isNumber(run string) bool {
	if countDigits(run) < MinPhoneDigits || !isGrouped(run) && !strings.Contains(run, "/") {
		return false
	}
	for _, form := range phoneNumbers {
		if form.MatchString(run) {
			return true
		}
	}
	match := trunk.FindStringSubmatch(run)
	return len(match) == 2 && countDigits(match[1]) >= minTrunkDigits
}

func isNoPartOfNumber(r rune) bool {
	return (r < '0' || r > '9') && !strings.ContainsRune(separators, r)
}

// announces looks for the words first, which costs less than the form.
func announces(text string) bool {
	for _, word := range [...]string{"hone", "tel:", "sms:", "whatsapp:"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// notPhones are dates and addresses of the Internet Protocol: nothing but digits and
// separators, too.
var notPhones = regexp.MustCompile(`^(?:(?:19|20)\d\d[ ./-]?[01]\d[ ./-]?[0-3]\d(?:[ ./-].*)?|\d{1,3}(?:\.\d{1,3}){3})$`)

// isSeparated tells a phone number from an id by what stands between its digits. Two groups
// with one dash, dot or slash are an id, such as Zendesk's 18-646602214.
func isSeparated(text string) bool {
	if notPhones.MatchString(text) {
		return false
	}
	return isGrouped(text)
}

// isGrouped tells whether there are more than two groups of digits, or what stands in
// phone numbers only.
func isGrouped(text string) bool {
	if strings.ContainsAny(text, "+( )") {
		return true
	}
	groups := 0
	for range strings.FieldsFuncSeq(text, func(r rune) bool { return r < '0' || r > '9' }) {
		groups++
	}
	return groups > 2
}
