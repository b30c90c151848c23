// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/avro"
)

// errPayload does not wrap the library's error, which may quote values.
var errPayload = errors.New("the payload does not fit its schema")

// Decode reads an event. Of the fields' values it keeps those that are named, nothing
// else. Its error quotes nothing of the payload.
func (s *Schema) Decode(payload []byte, keep ...string) (Event, error) {
	var record struct {
		Header header `avro:"ChangeEventHeader"`
	}
	if _, err := s.avro.Decode(payload, &record, avro.SkipUnknown()); err != nil {
		return Event{}, errPayload
	}
	event, err := record.Header.event()
	if err != nil {
		return Event{}, err
	}
	h := &record.Header
	var complete bool
	event.Changed, complete = s.changed(h.ChangedFields, h.NulledFields, h.DiffFields)
	event.Incomplete = !complete || event.Type.IsGap() || event.Type == Update && len(event.Changed) == 0
	if event.Type.IsGap() || !s.hasAny(keep) {
		return event, nil
	}
	if event.Values, err = s.values(payload, keep); err != nil {
		return Event{}, err
	}
	return event, nil
}

func (s *Schema) hasAny(names []string) bool {
	return slices.ContainsFunc(s.fields, func(f field) bool { return slices.Contains(names, f.name) })
}

// values reads the whole payload, which is rare: few objects have fields that are kept.
func (s *Schema) values(payload []byte, keep []string) (map[string]string, error) {
	var record map[string]any
	if _, err := s.avro.Decode(payload, &record); err != nil {
		return nil, errPayload
	}
	values := map[string]string{}
	for _, name := range keep {
		if text := scalar(record[name]); text != "" {
			values[name] = bounded(text, maxValue)
		}
	}
	return values, nil
}

// scalar is empty for what is no single value.
func scalar(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case bool:
		return strconv.FormatBool(value)
	case int32:
		return strconv.FormatInt(int64(value), 10)
	case int64:
		return strconv.FormatInt(value, 10)
	case float32:
		return strconv.FormatFloat(float64(value), 'f', -1, 32)
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case time.Time:
		return value.UTC().Format(time.RFC3339Nano)
	}
	return ""
}
