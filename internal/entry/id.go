// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// id is what tells an activity from every other of the product. It is the entry's own
// id, within account and integration. Without one it is made of the entry's content, but
// only if that tells posts apart: by a time, or by the event that it refers to. It is
// empty where nothing does, so that every post is an activity of its own.
func (e *Entry) id(a *activity.Activity) string {
	own := e.Get(idPath)
	switch {
	case own != "" && (!allowlist.IsWord(own) || allowlist.IsPersonal(own)):
		// It may be an address or a token, and may be long.
		own = activity.Digest([]byte(own))
	case own != "":
	case !a.Time.IsZero(), e.Get(eventRefPath) != "", e.Get(sequencePath) != "":
		own = activity.Digest(compact(e.raw))
	default:
		return ""
	}
	return activity.JoinID(a.Account, a.IntegrationName, own)
}

// compact takes out the space that a sender may put in or leave out at its next try.
// Numbers and the order of members stay: to change them could make one of two entries.
func compact(raw jsontext.Value) []byte {
	value := jsontext.Value(bytes.Clone(raw))
	// It has been read before, so there is no error.
	_ = value.Compact(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return value
}
