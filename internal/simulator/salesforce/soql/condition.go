// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soql

import (
	"fmt"
	"strings"
	"time"
)

// condition is a WHERE clause or a part of one.
type condition interface {
	holds(Row) (bool, error)
	visit(func(*comparison))
}

// chain is conditions joined by AND, or by OR.
type chain struct {
	any   bool
	parts []condition
}

func (c *chain) holds(row Row) (bool, error) {
	for _, part := range c.parts {
		holds, err := part.holds(row)
		if err != nil {
			return false, err
		}
		if holds == c.any {
			return c.any, nil
		}
	}
	return !c.any, nil
}

func (c *chain) visit(do func(*comparison)) {
	for _, part := range c.parts {
		part.visit(do)
	}
}

// negation is NOT.
type negation struct{ of condition }

func (n *negation) holds(row Row) (bool, error) {
	holds, err := n.of.holds(row)
	return !holds, err
}

func (n *negation) visit(do func(*comparison)) { n.of.visit(do) }

// comparison compares a field with a value, or with several.
type comparison struct {
	field    string
	operator string
	values   []any
	dropped  bool
}

func (c *comparison) visit(do func(*comparison)) { do(c) }

func (c *comparison) holds(row Row) (bool, error) {
	if c.dropped {
		return true, nil
	}
	have := row.get(c.field)
	for _, value := range c.values {
		if err := c.sameType(have, value); err != nil {
			return false, err
		}
	}
	switch c.operator {
	case "IN":
		return c.among(have), nil
	case "NOT IN":
		return !c.among(have), nil
	case "=":
		return equal(have, c.values[0]), nil
	case "!=", "<>":
		return !equal(have, c.values[0]), nil
	}
	if have == nil || c.values[0] == nil {
		return false, nil
	}
	order := compare(have, c.values[0])
	switch c.operator {
	case "<":
		return order < 0, nil
	case "<=":
		return order <= 0, nil
	case ">":
		return order > 0, nil
	default:
		return order >= 0, nil
	}
}

func (c *comparison) among(have any) bool {
	for _, value := range c.values {
		if equal(have, value) {
			return true
		}
	}
	return false
}

// sameType refuses what Salesforce refuses: a date in quotes, or text without.
func (c *comparison) sameType(have, want any) error {
	if have == nil || want == nil {
		return nil
	}
	if fmt.Sprintf("%T", have) == fmt.Sprintf("%T", want) {
		return nil
	}
	kind, quotes := "string", "should be enclosed in quotes"
	switch have.(type) {
	case time.Time:
		kind, quotes = "dateTime", "should not be enclosed in quotes"
	case float64:
		kind, quotes = "double", "should not be enclosed in quotes"
	case bool:
		kind, quotes = "boolean", "should not be enclosed in quotes"
	}
	return Error{"INVALID_FIELD", fmt.Sprintf("value of filter criterion for field '%s' must be of type %s and %s", c.field, kind, quotes)}
}

// equal compares as Salesforce does: text without regard to case.
func equal(a, b any) bool {
	if text, ok := a.(string); ok {
		other, ok := b.(string)
		return ok && strings.EqualFold(text, other)
	}
	if at, ok := a.(time.Time); ok {
		other, ok := b.(time.Time)
		return ok && at.Equal(other)
	}
	return a == b
}
