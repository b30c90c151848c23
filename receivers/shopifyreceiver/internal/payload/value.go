// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package payload // import "github.com/integrationlog/integrationlog/receivers/shopifyreceiver/internal/payload"

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// maxFieldsChanged bounds how many names of changed fields are kept.
const maxFieldsChanged = 50

// fits tells whether a value may be what the field stands for: ids, words, amounts
// and times, but for the few names that people give. So an address that turns up
// where an id should be is not kept.
func fits(field Field, value string) bool {
	switch {
	case field == Name || field == TrackingCompany:
		return allowlist.IsName(value)
	case HappenedAt <= field && field <= CreatedAt:
		return len(value) <= allowlist.MaxValue
	default:
		return allowlist.IsWord(value)
	}
}

// names collects the names of changed fields, each once: a flat list until September
// 2026, an object of the lists added, updated and removed since.
// Source: https://shopify.dev/changelog/updates-to-events-payloads-and-subscription-configuration
func names(value jsontext.Value) string {
	var names []string
	// The value has been read before, so there is no error.
	_ = allowlist.Decode(value, func(dec *jsontext.Decoder) error {
		for {
			kind, _ := dec.StackIndex(dec.StackDepth())
			token, err := dec.ReadToken()
			if err != nil {
				return err
			}
			if kind == '[' && token.Kind() == '"' && len(names) < maxFieldsChanged {
				name := withoutSelectors(token.String())
				if name != "" && fits(FieldsChanged, name) && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
			if dec.StackDepth() == 0 {
				return nil
			}
		}
	})
	return strings.Join(names, ",")
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
