// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// ChangeType is what happened to the records of an event.
type ChangeType string

// The types that Salesforce documents. A gap stands for a change of which Salesforce
// sends no details, an overflow for changes of which it sends not even the records.
// Source: https://developer.salesforce.com/docs/atlas.en-us.change_data_capture.meta/change_data_capture/cdc_other_events_gap.htm
const (
	Create      ChangeType = "CREATE"
	Update      ChangeType = "UPDATE"
	Delete      ChangeType = "DELETE"
	Undelete    ChangeType = "UNDELETE"
	GapCreate   ChangeType = "GAP_CREATE"
	GapUpdate   ChangeType = "GAP_UPDATE"
	GapDelete   ChangeType = "GAP_DELETE"
	GapUndelete ChangeType = "GAP_UNDELETE"
	GapOverflow ChangeType = "GAP_OVERFLOW"
)

// IsGap tells whether Salesforce left the details out.
func (t ChangeType) IsGap() bool {
	return strings.HasPrefix(string(t), "GAP_")
}

// Bounds of what is read. Salesforce's own are lower; a payload that is not what it seems
// to be must not cost more than this.
const (
	// maxRecords is how many records one event may name. Salesforce merges equal changes
	// of one transaction.
	maxRecords = 10_000
	// maxWord bounds a value of the header, in bytes.
	maxWord = 512
	// maxValue bounds a field's value, in bytes.
	maxValue = 8 << 10
)

var (
	errNoRecords      = errors.New("the event names no record")
	errTooManyRecords = fmt.Errorf("the event names more than %d records", maxRecords)
	errNoRecordID     = errors.New("the event names a record by something that is no id")
	errNoChangeType   = errors.New("the event does not say what kind of change it was")
)

// Event is one change event.
type Event struct {
	// Entity is the API name of the object: Account, Case.
	Entity string
	// RecordIDs are the records that changed in the same way in one transaction. One that
	// ends with an asterisk stands for all whose ids begin like this. An overflow has none.
	RecordIDs []string
	Type      ChangeType
	// Origin names the API and the client; it is empty for changes by other ways.
	Origin string
	// TransactionKey and SequenceNumber tell the change from all others of the organization.
	TransactionKey string
	SequenceNumber int64
	// CommitTime is zero where it is not told, or cannot be a time.
	CommitTime   time.Time
	CommitNumber int64
	CommitUser   string
	// Changed are the names of the fields that changed, in the order of the schema; those
	// of compound fields follow a dot: BillingAddress.City.
	Changed []string
	// Incomplete tells that more may have changed than Changed says.
	Incomplete bool
	// Values are those of the fields that were asked for, as far as they are not null.
	Values map[string]string
}

// header is ChangeEventHeader, the first field of each event. What a schema does not have
// stays empty.
type header struct {
	EntityName      string   `avro:"entityName"`
	RecordIDs       []string `avro:"recordIds"`
	ChangeType      string   `avro:"changeType"`
	ChangeOrigin    string   `avro:"changeOrigin"`
	TransactionKey  string   `avro:"transactionKey"`
	SequenceNumber  int64    `avro:"sequenceNumber"`
	CommitTimestamp int64    `avro:"commitTimestamp"`
	CommitNumber    int64    `avro:"commitNumber"`
	CommitUser      string   `avro:"commitUser"`
	NulledFields    []string `avro:"nulledFields"`
	DiffFields      []string `avro:"diffFields"`
	ChangedFields   []string `avro:"changedFields"`
}

// event brings the header over. Its error quotes nothing of the payload.
func (h *header) event() (Event, error) {
	e := Event{
		Entity:         word(h.EntityName),
		Type:           ChangeType(word(h.ChangeType)),
		Origin:         word(h.ChangeOrigin),
		TransactionKey: word(h.TransactionKey),
		SequenceNumber: h.SequenceNumber,
		CommitTime:     milliseconds(h.CommitTimestamp),
		CommitNumber:   h.CommitNumber,
		CommitUser:     word(h.CommitUser),
	}
	switch {
	case e.Type == "":
		return Event{}, errNoChangeType
	case len(h.RecordIDs) > maxRecords:
		return Event{}, errTooManyRecords
	}
	for _, id := range h.RecordIDs {
		switch {
		case id == "":
		case !isRecordID(id):
			return Event{}, errNoRecordID
		default:
			e.RecordIDs = append(e.RecordIDs, id)
		}
	}
	if len(e.RecordIDs) == 0 && e.Type != GapOverflow {
		return Event{}, errNoRecords
	}
	return e, nil
}

// isRecordID tells whether a text is an id of 15 or 18 letters, or the beginning of one
// with an asterisk. An address that turns up in its place, because the schema is another
// one, is not logged.
func isRecordID(text string) bool {
	id, wildcard := strings.CutSuffix(text, "*")
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return len(id) == 15 || len(id) == 18 || wildcard && len(id) < 18
}

func word(s string) string {
	return bounded(s, maxWord)
}

func bounded(s string, limit int) string {
	return activity.Truncate(strings.ToValidUTF8(s, "\uFFFD"), limit)
}

func milliseconds(ms int64) time.Time {
	at := time.UnixMilli(ms).UTC()
	if !activity.Representable(at) {
		return time.Time{}
	}
	return at
}
