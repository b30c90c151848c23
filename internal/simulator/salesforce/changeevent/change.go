// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"maps"
	"time"
)

// Type is what happened to the records.
type Type string

// The types of changes. A gap tells that something happened, without what; an overflow
// tells it of a whole object. Both have a header only.
const (
	Create      Type = "CREATE"
	Update      Type = "UPDATE"
	Delete      Type = "DELETE"
	Undelete    Type = "UNDELETE"
	GapCreate   Type = "GAP_CREATE"
	GapUpdate   Type = "GAP_UPDATE"
	GapDelete   Type = "GAP_DELETE"
	GapUndelete Type = "GAP_UNDELETE"
	GapOverflow Type = "GAP_OVERFLOW"
)

// headerOnly tells whether events of this type have no fields.
func (t Type) headerOnly() bool {
	switch t {
	case Create, Update, Undelete:
		return false
	default:
		return true
	}
}

// Change is one change of one or, merged, of several records.
type Change struct {
	Type Type
	// RecordIDs are those of the records: several where the same change was made to
	// them at once, none for an overflow, and 001* for a gap may be one.
	RecordIDs []string
	// Fields are the values. Of an update these are the fields that changed, and nil
	// stands for one that was emptied. A part of a compound is named with a dot:
	// BillingAddress.City. Times are time.Time or milliseconds.
	Fields map[string]any
	// Enriched are values that come along although they did not change.
	Enriched map[string]any
	// Diffs names the fields whose value is a unified diff.
	Diffs []string
	// CommitUser is the id of who did it, ChangeOrigin through which interface.
	CommitUser   string
	ChangeOrigin string
	// CommitTime is when; it is also the LastModifiedDate, which an update changes
	// unless UntouchedDates is set.
	CommitTime     time.Time
	UntouchedDates bool
	// TransactionKey and SequenceNumber tell changes of one transaction apart.
	TransactionKey string
	SequenceNumber int32
	CommitNumber   int64
	// Edit may change the header before it is encoded: for bitmaps that make no sense.
	Edit func(header map[string]any)
}

// Origin returns what changeOrigin is for a caller of an API; client is what it sent
// in Sforce-Call-Options, and may be empty.
func Origin(api, version, client string) string {
	origin := "com/salesforce/api/" + api + "/" + version
	if client != "" {
		origin += ";client=" + client
	}
	return origin
}

// values returns what the payload holds, without the header.
func (c Change) values(schema *Schema) map[string]any {
	if c.Type.headerOnly() {
		return maps.Clone(c.Enriched)
	}
	values := maps.Clone(c.Fields)
	if values == nil {
		values = map[string]any{}
	}
	maps.Copy(values, c.Enriched)
	if c.touchesDates(schema) {
		values[modified] = c.CommitTime
	}
	return values
}

// modified is the field that every update changes too.
const modified = "LastModifiedDate"

func (c Change) touchesDates(schema *Schema) bool {
	_, _, has := schema.position(modified)
	_, given := c.Fields[modified]
	return has && !given && !c.UntouchedDates && c.Type == Update
}
