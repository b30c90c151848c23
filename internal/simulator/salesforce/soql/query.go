// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package soql runs the part of Salesforce's query language that a client of event log
// files may want: SELECT, FROM, WHERE, ORDER BY and LIMIT, on one object. It is as
// strict as Salesforce about literals, because queries that only this would take are
// of no use.
//
// https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm
package soql // import "github.com/integrationlog/integrationlog/internal/simulator/salesforce/soql"

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Row is one record: strings, float64, bool, time.Time or nil by the name of the field.
type Row map[string]any

// Query is one that was understood.
type Query struct {
	Fields []string
	From   string

	where condition
	order []ordering
	limit int
}

type ordering struct {
	field      string
	descending bool
}

// Error is an error as Salesforce answers it.
type Error struct{ Code, Message string }

func (e Error) Error() string { return e.Code + ": " + e.Message }

// Filters tells whether the WHERE clause is about a field.
func (q *Query) Filters(field string) bool {
	found := false
	q.visit(func(c *comparison) { found = found || strings.EqualFold(c.field, field) })
	return found
}

// DropFilter takes every comparison with a field out of the WHERE clause, as if it
// held.
func (q *Query) DropFilter(field string) {
	q.visit(func(c *comparison) { c.dropped = c.dropped || strings.EqualFold(c.field, field) })
}

func (q *Query) visit(do func(*comparison)) {
	if q.where != nil {
		q.where.visit(do)
	}
}

// Columns returns every field that the query names.
func (q *Query) Columns() []string {
	columns := slices.Clone(q.Fields)
	q.visit(func(c *comparison) { columns = append(columns, c.field) })
	for _, o := range q.order {
		columns = append(columns, o.field)
	}
	return columns
}

// Run returns the rows that the query finds, in its order.
func (q *Query) Run(rows []Row) ([]Row, error) {
	var found []Row
	for _, row := range rows {
		fits := true
		if q.where != nil {
			var err error
			if fits, err = q.where.holds(row); err != nil {
				return nil, err
			}
		}
		if fits {
			found = append(found, row)
		}
	}
	slices.SortStableFunc(found, func(a, b Row) int {
		for _, o := range q.order {
			order := compare(a.get(o.field), b.get(o.field))
			if o.descending {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	if q.limit >= 0 && len(found) > q.limit {
		found = found[:q.limit]
	}
	return found, nil
}

// get reads a field; names do not tell upper from lower case.
func (r Row) get(name string) any {
	if value, ok := r[name]; ok {
		return value
	}
	for field, value := range r {
		if strings.EqualFold(field, name) {
			return value
		}
	}
	return nil
}

// Value returns a field.
func (r Row) Value(name string) any { return r.get(name) }

// compare orders two values of one type; what is null comes first.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		if b, ok := b.(string); ok {
			return strings.Compare(a, b)
		}
	case float64:
		if b, ok := b.(float64); ok {
			return cmp.Compare(a, b)
		}
	case time.Time:
		if b, ok := b.(time.Time); ok {
			return a.Compare(b)
		}
	case bool:
		if b, ok := b.(bool); ok && a != b {
			if b {
				return -1
			}
			return 1
		}
		return 0
	case nil:
		if b == nil {
			return 0
		}
		return -1
	}
	return 1
}
