// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package messages has what the log page says, in the languages it speaks, and writes
// numbers, dates and times as each of them does.
//
// The texts are in texts, one file for each part of the page and language, such as
// page.en.json. A new text is a key and its English in the English file, then its
// translation under the same key in the other languages: a test says what is missing.
//
//	"filter.apply": "Apply filters"
//	"list.count":   {"one": "%d activity", "other": "%d activities"}
//
// Of a text with forms the first argument is the number that chooses one. Placeholders are
// those of fmt: %d writes a whole number with the language's separators, %s anything that
// needs none, and where a language wants another order, %[2]s is the second argument.
//
// The words are those of Zendesk's own page, as its help has them in article 4408819871130:
// what the log is called, the products and the kinds of synchronisation in English, French,
// German and Portuguese; columns and statuses in English. That article was not to be had in
// Spanish: there the bot builder, actions, flows and the Admin Center are called as in other
// articles of Zendesk's. What the buttons of the page say was to be seen in no language.
package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
