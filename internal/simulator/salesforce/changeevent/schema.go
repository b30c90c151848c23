// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/linkedin/goavro/v2"
)

const namespace = "com.sforce.eventbus"

// Schema describes the change events of one object. It does not change; an
// administrator who adds a field makes a new one, with a new id.
type Schema struct {
	// Entity is the object's API name.
	Entity string
	// ID and JSON are what GetSchema answers.
	ID   string
	JSON string
	// Fields are the object's, without ChangeEventHeader, which comes first.
	Fields []Field

	codec *goavro.Codec
}

// NewSchema makes the schema of an object's change events. It panics on one that Avro
// does not allow: the fields are the caller's own.
func NewSchema(entity string, fields ...Field) *Schema {
	text := fmt.Sprintf(`{"name":%q,"namespace":%q,"type":"record","fields":[%s]`, EventName(entity), namespace, fieldsJSON(fields))
	hash := sha256.Sum256([]byte(text))
	s := &Schema{
		Entity: entity,
		ID:     base64.RawURLEncoding.EncodeToString(hash[:16]),
		Fields: slices.Clone(fields),
	}
	// Salesforce's schemas end with their own id.
	s.JSON = fmt.Sprintf(`%s,"uuid":%q}`, text, s.ID)
	codec, err := goavro.NewCodec(s.JSON)
	if err != nil {
		panic(fmt.Sprintf("schema of %s: %v", entity, err))
	}
	s.codec = codec
	return s
}

// With returns the schema of the same object with more fields at its end.
func (s *Schema) With(fields ...Field) *Schema {
	return NewSchema(s.Entity, slices.Concat(s.Fields, fields)...)
}

// Topic is where the events are published.
func (s *Schema) Topic() string { return "/data/" + EventName(s.Entity) }

// EventName is the name of an object's change events.
func EventName(entity string) string {
	if custom, ok := strings.CutSuffix(entity, "__c"); ok {
		return custom + "__ChangeEvent"
	}
	return entity + "ChangeEvent"
}

// position returns a field and its bit: 0 is ChangeEventHeader.
func (s *Schema) position(name string) (field Field, bit int, ok bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, 0, false
	}
	return s.Fields[i], i + 1, true
}

const headerJSON = `{"name":"ChangeEventHeader","type":{"type":"record","name":"ChangeEventHeader","fields":[` +
	`{"name":"entityName","type":"string"},` +
	`{"name":"recordIds","type":{"type":"array","items":"string"}},` +
	`{"name":"changeType","type":{"type":"enum","name":"ChangeType","symbols":` +
	`["CREATE","UPDATE","DELETE","UNDELETE","GAP_CREATE","GAP_UPDATE","GAP_DELETE","GAP_UNDELETE","GAP_OVERFLOW","SNAPSHOT"]}},` +
	`{"name":"changeOrigin","type":"string"},` +
	`{"name":"transactionKey","type":"string"},` +
	`{"name":"sequenceNumber","type":"int"},` +
	`{"name":"commitTimestamp","type":"long"},` +
	`{"name":"commitNumber","type":"long"},` +
	`{"name":"commitUser","type":"string"},` +
	`{"name":"nulledFields","type":{"type":"array","items":"string"}},` +
	`{"name":"diffFields","type":{"type":"array","items":"string"}},` +
	`{"name":"changedFields","type":{"type":"array","items":"string"}}]},"doc":"EventType:ChangeEvent"}`

// fieldsJSON writes the fields. A compound type is spelled out where it is used first,
// and only named afterwards, as Avro wants it.
func fieldsJSON(fields []Field) string {
	known := map[FieldType]bool{}
	list := []string{headerJSON}
	for _, field := range fields {
		value := quote(field.Type.avro())
		if parts := field.Type.parts(); parts != nil && !known[field.Type] {
			known[field.Type] = true
			value = compoundJSON(field.Type, parts)
		}
		if field.Type == SwitchablePersonName {
			value = `"string",` + value
		}
		list = append(list, fmt.Sprintf(`{"name":%q,"type":["null",%s],"doc":%q,"default":null}`, field.Name, value, "Data:"+string(field.Type)))
	}
	return strings.Join(list, ",")
}

func compoundJSON(name FieldType, parts []Field) string {
	list := make([]string, len(parts))
	for i, part := range parts {
		list[i] = fmt.Sprintf(`{"name":%q,"type":["null",%q],"default":null}`, part.Name, part.Type.avro())
	}
	return fmt.Sprintf(`{"type":"record","name":%q,"fields":[%s]}`, name, strings.Join(list, ","))
}

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string can always be written
	}
	return string(quoted)
}
