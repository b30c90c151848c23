// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode/utf8"
)

const (
	// ownPrefix begins the names of all states that are added.
	ownPrefix = "IntegrationLog."
	// ownComment stands in all states that are added: a state is taken for one only if it
	// has both.
	ownComment = "Added by: integrationlog zis instrument"

	// The flow's own data are left alone: what the steps need has names of its own.
	entryPath  = "$.integration_log"
	caughtPath = "$.integration_log_error"

	// longestName is Amazon's limit for the names of states, whose language ZIS's resembles;
	// Zendesk names none.
	longestName = 80
)

// The parts of a log step. All of a state's parts are named after it.
const (
	partEntry = "Entry" // before a Succeed or Fail: builds the entry
	partPost  = "Post"  // and posts it

	partEndEntry = "EndEntry" // behind a state that ended the flow
	partEndPost  = "EndPost"
	partEnd      = "End" // ends the flow in its place

	partErrorEntry = "ErrorEntry" // behind a Catch that was added
	partErrorPost  = "ErrorPost"
	partError      = "Error" // fails the flow as it would have failed
)

// ownName names a part of the log step of a state. A name that would be too long is cut
// and made distinct.
func ownName(part, state string) string {
	name := ownPrefix + part + "." + state
	if utf8.RuneCountInString(name) <= longestName {
		return name
	}
	sum := sha256.Sum256([]byte(state))
	runes := []rune(name)
	return string(runes[:longestName-9]) + "_" + hex.EncodeToString(sum[:4])
}

func isOwn(name string, state *node) bool {
	return strings.HasPrefix(name, ownPrefix) && state.string("Comment") == ownComment
}

// references are the places in a state that name the state to go on with.
func references(state *node) []*node {
	var found []*node
	for _, name := range []string{"Next", "Default"} {
		if next := state.at(name); next.isString() {
			found = append(found, next)
		}
	}
	for _, name := range []string{"Choices", "Catch"} {
		if list := state.at(name); list != nil {
			for _, element := range list.elements {
				if next := element.at("Next"); next.isString() {
					found = append(found, next)
				}
			}
		}
	}
	return found
}
