// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package event // import "github.com/integrationlog/integrationlog/receivers/sunshineconversationsreceiver/internal/event"

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
	"github.com/integrationlog/integrationlog/internal/sentence"
)

// maxText bounds a text, in bytes. It is far above what is stored, so that what a later cut
// leaves is what was masked as a whole.
const maxText = 64 << 10

// ownIDLength is that of Sunshine Conversations' own ids: 24 hexadecimal digits.
const ownIDLength = 24

// text returns the value of a field as text, or nothing if it does not have the form of
// what the field stands for. So an address or a phone number that turns up where an
// id should be is not kept.
func text(field Field, value jsontext.Value) string {
	kind := value.Kind()
	if kind != '"' && kind != '0' && (field != Final || kind != 't' && kind != 'f') {
		return ""
	}
	text := allowlist.Text(value)
	switch field {
	case ErrorMessage, ChannelTitle, ChannelMessage, ChannelDetails:
		return strings.ToValidUTF8(text[:min(len(text), maxText)], "")
	case ID:
		return idText(text)
	case SwitchboardName:
		text = strings.TrimSpace(sentence.Visible(text))
	}
	fits := forms[field]
	if fits == nil {
		fits = isWord
	}
	if !fits(text) {
		return ""
	}
	return text
}

// forms are those of the fields that are neither a text nor a word.
var forms = map[Field]func(string) bool{
	CreatedAt:         isTime,
	Timestamp:         isTime,
	SwitchboardName:   func(s string) bool { return allowlist.IsName(s) && !isPersonal(s) },
	UserID:            isOwnID,
	ChannelCode:       isChannelCode,
	ExternalMessageID: func(s string) bool { return isWord(s) && !holdsPhoneNumber(s) },
	Final:             func(s string) bool { return s == "true" || s == "false" },
	version:           func(s string) bool { return s == version1 || s == version11 || s == version2 },
}

// idText is the id of an event, whatever it looks like: without one the event would be
// lost. A digest stands for what may be personal, and for what is no word.
func idText(text string) string {
	switch text = strings.TrimSpace(text); {
	case text == "":
		return ""
	case !isWord(text), strings.Contains(text, "/"):
		return activity.Digest([]byte(text))
	default:
		return text
	}
}

// isWord tells whether a value may be an id, a type or a code, and nothing personal.
func isWord(s string) bool { return allowlist.IsWord(s) && !isPersonal(s) }

// isPersonal also takes bare digits for a phone number: the channels' numeric ids are
// shorter or longer, and Sunshine Conversations' own ids have letters or 24 digits.
func isPersonal(s string) bool { return allowlist.MayBePhoneNumber(s) || allowlist.IsPersonal(s) }

// holdsPhoneNumber knows the ids that WhatsApp gives to messages, by its Cloud API and
// before it: base64 of, among others, the customer's phone number.
func holdsPhoneNumber(s string) bool {
	return strings.HasPrefix(s, "wamid.") || strings.HasPrefix(s, "gB")
}

func isOwnID(s string) bool {
	return len(s) == ownIDLength && strings.Trim(s, "0123456789abcdef") == ""
}

// isChannelCode tells whether a value is a channel's number of an error; the longest
// that is known, the Graph API's, has 7 digits.
func isChannelCode(s string) bool {
	digits := strings.TrimPrefix(s, "-")
	return 1 <= len(digits) && len(digits) <= 7 && strings.Trim(digits, "0123456789") == ""
}
