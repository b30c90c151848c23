// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent

import "slices"

// Field is one field of an object, in the order of the schema: the bits of
// changedFields count these.
type Field struct {
	Name string
	Type FieldType
}

// FieldType is a type of Salesforce's, as the schema's documentation names it.
type FieldType string

// The types. Dates and times are milliseconds since 1970.
const (
	Text          FieldType = "Text"
	EntityID      FieldType = "EntityId"
	DynamicEnum   FieldType = "DynamicEnum"
	Phone         FieldType = "Phone"
	Fax           FieldType = "Fax"
	Email         FieldType = "Email"
	URL           FieldType = "Url"
	MultiLineText FieldType = "MultiLineText"
	Integer       FieldType = "Integer"
	Currency      FieldType = "Currency"
	Boolean       FieldType = "Boolean"
	DateOnly      FieldType = "DateOnly"
	DateTime      FieldType = "DateTime"
	// Address and PersonName are compound: records of their own.
	Address    FieldType = "Address"
	PersonName FieldType = "PersonName"
	// SwitchablePersonName is the name of a company, or the compound name of a
	// person account.
	SwitchablePersonName FieldType = "Switchable_PersonName"
)

// avro returns the Avro type of the values; that of a compound is its name.
func (t FieldType) avro() string {
	switch t {
	case Integer:
		return "int"
	case Currency:
		return "double"
	case Boolean:
		return "boolean"
	case DateOnly, DateTime:
		return "long"
	case Address, PersonName, SwitchablePersonName:
		return namespace + "." + string(t)
	default:
		return "string"
	}
}

// parts returns the fields of a compound, in the order of its record; nil for others.
func (t FieldType) parts() []Field {
	switch t {
	case Address:
		return addressParts
	case PersonName, SwitchablePersonName:
		return nameParts
	default:
		return nil
	}
}

// part returns the place of a part.
func (t FieldType) part(name string) (int, bool) {
	i := slices.IndexFunc(t.parts(), func(f Field) bool { return f.Name == name })
	return i, i >= 0
}

var addressParts = []Field{
	{"Street", Text},
	{"City", Text},
	{"State", Text},
	{"PostalCode", Text},
	{"Country", Text},
	{"StateCode", Text},
	{"CountryCode", Text},
	{"Latitude", Currency},
	{"Longitude", Currency},
	{"Xyz", Text},
	{"GeocodeAccuracy", Text},
}

var nameParts = []Field{
	{"Salutation", Text},
	{"FirstName", Text},
	{"LastName", Text},
}
