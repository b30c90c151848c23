// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"regexp"
	"strings"
)

// IsPersonal tells whether a text holds what must not get into an attribute, where nothing
// masks it later: an e-mail address, a phone number, a card number or a credential, as far
// as they can be told by their form. Digits alone are an id, a card's number excepted.
func IsPersonal(text string) bool {
	if strings.Contains(text, "@") || strings.Contains(text, "%40") || holdsCredential(text) {
		return true
	}
	if countDigits(text) < MinPhoneDigits {
		return false
	}
	if strings.Count(text, "-") >= dashesOfUUID {
		// Its groups are no phone number, whatever their digits.
		text = uuid.ReplaceAllString(text, "_")
	}
	return holdsPhoneNumber(text) || holdsCardNumber(text)
}

const dashesOfUUID = 4

var uuid = regexp.MustCompile(`[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}`)

func countDigits(text string) (n int) {
	for i := range len(text) {
		if isDigit(text[i]) {
			n++
		}
	}
	return n
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
