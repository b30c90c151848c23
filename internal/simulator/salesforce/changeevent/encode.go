// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"fmt"
	"strings"
	"time"
)

// Encode returns the payload of a change, in Avro's binary form without any header,
// as events carry it.
func (s *Schema) Encode(c Change) ([]byte, error) {
	header, err := s.header(c)
	if err != nil {
		return nil, err
	}
	record := map[string]any{"ChangeEventHeader": header}
	for name, value := range c.values(s) {
		if err := s.set(record, name, value); err != nil {
			return nil, err
		}
	}
	return s.codec.BinaryFromNative(nil, record)
}

// header returns the ChangeEventHeader.
func (s *Schema) header(c Change) (map[string]any, error) {
	changed, nulled, err := s.bitmaps(c)
	if err != nil {
		return nil, err
	}
	diffs, err := s.bitmap(c.Diffs)
	if err != nil {
		return nil, err
	}
	header := map[string]any{
		"entityName":      s.Entity,
		"recordIds":       texts(c.RecordIDs),
		"changeType":      string(c.Type),
		"changeOrigin":    c.ChangeOrigin,
		"transactionKey":  c.TransactionKey,
		"sequenceNumber":  c.SequenceNumber,
		"commitTimestamp": c.CommitTime.UnixMilli(),
		"commitNumber":    c.CommitNumber,
		"commitUser":      c.CommitUser,
		"nulledFields":    texts(nulled),
		"diffFields":      texts(diffs),
		"changedFields":   texts(changed),
	}
	if c.Edit != nil {
		c.Edit(header)
	}
	return header, nil
}

// set puts one value into the record, at its place within a compound if it has one.
func (s *Schema) set(record map[string]any, name string, value any) error {
	name, part, nested := strings.Cut(name, ".")
	field, _, ok := s.position(name)
	switch {
	case !ok:
		return fmt.Errorf("%s has no field %s", s.Entity, name)
	case value == nil:
		return nil // what is not set is null
	case !nested:
		record[name] = union(field.Type, value)
		return nil
	}
	place, ok := field.Type.part(part)
	if !ok {
		return fmt.Errorf("%s of %s has no part %s", name, s.Entity, part)
	}
	branch := field.Type.avro()
	compound, ok := record[name].(map[string]any)
	if !ok {
		compound = map[string]any{branch: map[string]any{}}
		record[name] = compound
	}
	parts, ok := compound[branch].(map[string]any)
	if !ok {
		return fmt.Errorf("%s of %s is set as a whole and in parts", name, s.Entity)
	}
	parts[part] = union(field.Type.parts()[place].Type, value)
	return nil
}

// union wraps a value as the codec wants it: by the branch of the union that it is of.
func union(fieldType FieldType, value any) map[string]any {
	branch := fieldType.avro()
	if at, ok := value.(time.Time); ok {
		return map[string]any{branch: at.UnixMilli()}
	}
	if _, text := value.(string); text && fieldType == SwitchablePersonName {
		branch = "string"
	}
	return map[string]any{branch: value}
}

// texts is a list as the codec wants it.
func texts(list []string) []any {
	converted := make([]any, len(list))
	for i, text := range list {
		converted[i] = text
	}
	return converted
}
