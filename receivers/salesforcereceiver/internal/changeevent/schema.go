// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package changeevent // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/changeevent"

import (
	"errors"
	"fmt"

	"github.com/twmb/avro"
)

// headerField is the field by which a change event is known.
const headerField = "ChangeEventHeader"

// Bounds of a schema. An object of Salesforce has at most some 900 fields.
const (
	maxSchema = 4 << 20
	maxFields = 4096
)

var (
	errSchemaTooLarge = fmt.Errorf("the schema has more than %d bytes", maxSchema)
	errTooManyFields  = fmt.Errorf("the schema has more than %d fields", maxFields)
	errNoChangeEvent  = errors.New("the schema is not one of change events: its first field is not " + headerField)
)

// Schema is one version of the events of one object. It may be used by several
// goroutines.
type Schema struct {
	avro   *avro.Schema
	fields []field
}

// field is a field of the event, and the names within it where it is a compound one.
type field struct {
	name     string
	children []string
}

// NewSchema reads a schema as Salesforce's GetSchema returns it.
func NewSchema(text string) (*Schema, error) {
	if len(text) > maxSchema {
		return nil, errSchemaTooLarge
	}
	parsed, err := avro.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the schema cannot be read: %w", err)
	}
	root := parsed.Root()
	if len(root.Fields) == 0 || root.Fields[0].Name != headerField {
		return nil, errNoChangeEvent
	}
	records := namedRecords{}
	if !records.collect(root) {
		return nil, errTooManyFields
	}
	s := &Schema{avro: parsed, fields: make([]field, 0, len(root.Fields))}
	for i := range root.Fields {
		f := &root.Fields[i]
		s.fields = append(s.fields, field{name: f.Name, children: records.children(&f.Type, root.Namespace)})
	}
	return s, nil
}

// namedRecords are the records of a schema, by their full names. A record is written out
// where it is used first; later uses only name it.
type namedRecords map[string]*avro.SchemaNode

// collect finds the records, and tells whether there are not too many fields.
func (r namedRecords) collect(root *avro.SchemaNode) bool {
	budget := maxFields
	nodes := []*avro.SchemaNode{root}
	for len(nodes) > 0 {
		node := nodes[len(nodes)-1]
		nodes = nodes[:len(nodes)-1]
		if node.Type == "record" {
			r[fullName(node.Namespace, node.Name)] = node
		}
		if budget -= len(node.Fields); budget < 0 {
			return false
		}
		for i := range node.Fields {
			nodes = append(nodes, &node.Fields[i].Type)
		}
		for i := range node.Branches {
			nodes = append(nodes, &node.Branches[i])
		}
	}
	return true
}

// children returns the names within a compound field: a record, or a union with one.
func (r namedRecords) children(node *avro.SchemaNode, namespace string) []string {
	record := r.record(node, namespace)
	for i := 0; record == nil && i < len(node.Branches); i++ {
		record = r.record(&node.Branches[i], namespace)
	}
	if record == nil {
		return nil
	}
	names := make([]string, 0, len(record.Fields))
	for i := range record.Fields {
		names = append(names, record.Fields[i].Name)
	}
	return names
}

func (r namedRecords) record(node *avro.SchemaNode, namespace string) *avro.SchemaNode {
	if node.Type == "record" {
		return node
	}
	if record := r[node.Type]; record != nil {
		return record
	}
	return r[fullName(namespace, node.Type)]
}

func fullName(namespace, name string) string {
	if namespace == "" {
		return name
	}
	return namespace + "." + name
}
