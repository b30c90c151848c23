// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"regexp"
	"slices"
	"strings"
)

// cards are 16 digits, or 4-4-4-4, of American Express 15 digits, or 4-6-5, and of Diners
// 4-6-4, with the first digits that cards have. In a longer word they are part of an id.
var cards = regexp.MustCompile(`(?:^|[^0-9A-Za-z])((?:[4-6]\d|2[2-7]|35)(?:\d{14}|\d\d(?:[ .-]\d{4}){3})|` +
	`3[47]\d\d[ .-]?\d{6}[ .-]?\d{5}|3[0689]\d\d[ .-]\d{6}[ .-]\d{4})(?:[^0-9A-Za-z]|$)`)

// minCardDigits is what Diners' cards have; no other's have fewer.
const minCardDigits = 14

// holdsCardNumber tells cards from ids of as many digits by the check digit, which nine of
// ten ids do not have.
func holdsCardNumber(text string) bool {
	for run := range strings.FieldsFuncSeq(text, isNoPartOfNumber) {
		if countDigits(run) >= minCardDigits {
			return slices.ContainsFunc(cards.FindAllStringSubmatch(text, -1), func(match []string) bool { return hasCheckDigit(match[1]) })
		}
	}
	return false
}

// hasCheckDigit is Luhn's algorithm, which all cards obey.
func hasCheckDigit(number string) bool {
	sum, double := 0, false
	for i := len(number) - 1; i >= 0; i-- {
		if !isDigit(number[i]) {
			continue
		}
		digit := int(number[i] - '0')
		if double {
			digit *= 2
			digit = digit/10 + digit%10
		}
		sum += digit
		double = !double
	}
	return sum%10 == 0
}
