// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package payload // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"

import (
	"slices"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// maxValue bounds a value that is kept, in bytes; ids, words and times stay far
// below.
const maxValue = 255

// maxFieldsChanged bounds how many names of changed fields are kept.
const maxFieldsChanged = 50

// fits tells whether a value may be what the field stands for: ids, words, amounts
// and times, but for the few names that people give. So an address that turns up
// where an id should be is not kept.
func fits(field Field, value string) bool {
	if len(value) > maxValue {
		return false
	}
	if field == Name || field == TrackingCompany {
		return strings.IndexFunc(value, unicode.IsControl) < 0
	}
	if HappenedAt <= field && field <= CreatedAt {
		return true
	}
	for i := range len(value) {
		switch c := value[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(":/_.?=-", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// names collects the names of changed fields, each once: a flat list until September
// 2026, an object of the lists added, updated and removed since.
// Source: https://shopify.dev/changelog/updates-to-events-payloads-and-subscription-configuration
func (p *Payload) names(dec *jsontext.Decoder) error {
	var names []string
	depth := dec.StackDepth()
	for {
		inList := dec.StackDepth() > depth
		if inList {
			kind, _ := dec.StackIndex(dec.StackDepth())
			inList = kind == '['
		}
		token, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if inList && token.Kind() == '"' && len(names) < maxFieldsChanged {
			name := withoutSelectors(token.String())
			if name != "" && fits(FieldsChanged, name) && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		if dec.StackDepth() == depth {
			p[FieldsChanged] = strings.Join(names, ",")
			return nil
		}
	}
}

// withoutSelectors leaves the fields of a path such as
// customer[id: 'gid://shopify/Customer/1'].firstName.
func withoutSelectors(path string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(path, "[")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, path, _ = strings.Cut(rest, "]")
	}
}
