// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package soql

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// token is a text, a time, a name or number, or a sign. A time without a zone that
// Salesforce takes is none: +0000, as its own answers have it, it does not take.
var token = regexp.MustCompile(`^\s*(?:` +
	`('(?:\\.|[^'\\])*')|` +
	`(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:\d\d))|` +
	`(-?\d+(?:\.\d+)?|[A-Za-z_][A-Za-z0-9_]*)|` +
	`(<=|>=|!=|<>|[=<>(),]))`)

var reserved = []string{"SELECT", "FROM", "WHERE", "ORDER", "BY", "LIMIT", "AND", "OR", "NOT", "IN", "ASC", "DESC"}

// maxDepth bounds how deep conditions are nested.
const maxDepth = 50

// Parse understands a query.
func Parse(text string) (query *Query, err error) {
	p := &parser{text: text}
	for rest := text; strings.TrimSpace(rest) != ""; {
		match := token.FindString(rest)
		if match == "" {
			return nil, p.malformed(strings.TrimSpace(rest))
		}
		p.tokens = append(p.tokens, strings.TrimSpace(match))
		rest = rest[len(match):]
	}
	// Deep in a condition there is nothing else to do about an error.
	defer func() {
		if failure, ok := recover().(Error); ok {
			query, err = nil, failure
		}
	}()
	return p.query(), nil
}

type parser struct {
	text   string
	tokens []string
	depth  int
}

func (p *parser) malformed(at string) Error {
	return Error{"MALFORMED_QUERY", fmt.Sprintf("\n%s\n^\nERROR at Row:1:Column:%d\nunexpected token: %s", p.text, max(strings.LastIndex(p.text, at), 0)+1, at)}
}

func (p *parser) query() *Query {
	q := &Query{limit: -1}
	p.want("SELECT")
	q.Fields = append(q.Fields, p.name())
	for p.take(",") {
		q.Fields = append(q.Fields, p.name())
	}
	p.want("FROM")
	q.From = p.name()
	if p.take("WHERE") {
		q.where = p.condition()
	}
	if p.take("ORDER") {
		p.want("BY")
		q.order = append(q.order, p.ordering())
		for p.take(",") {
			q.order = append(q.order, p.ordering())
		}
	}
	if p.take("LIMIT") {
		limit := p.next()
		n, err := strconv.Atoi(limit)
		if err != nil || n < 0 {
			panic(p.malformed(limit))
		}
		q.limit = n
	}
	if len(p.tokens) > 0 {
		panic(p.malformed(p.tokens[0]))
	}
	return q
}

// next takes the next token.
func (p *parser) next() string {
	if len(p.tokens) == 0 {
		panic(p.malformed("<EOF>"))
	}
	next := p.tokens[0]
	p.tokens = p.tokens[1:]
	return next
}

// take takes the next token if it is this one.
func (p *parser) take(want string) bool {
	if len(p.tokens) == 0 || !strings.EqualFold(p.tokens[0], want) {
		return false
	}
	p.tokens = p.tokens[1:]
	return true
}

func (p *parser) want(want string) {
	if !p.take(want) {
		panic(p.malformed(p.next()))
	}
}

// name takes the name of a field or an object.
func (p *parser) name() string {
	name := p.next()
	first := name[0] | 0x20
	if (first < 'a' || first > 'z') && name[0] != '_' || slices.Contains(reserved, strings.ToUpper(name)) {
		panic(p.malformed(name))
	}
	return name
}

func (p *parser) ordering() ordering {
	o := ordering{field: p.name()}
	if p.take("DESC") {
		o.descending = true
	} else {
		p.take("ASC")
	}
	return o
}

// condition takes conditions that are joined by AND, or by OR. Both in one chain want
// parentheses.
func (p *parser) condition() condition {
	p.deeper()
	defer func() { p.depth-- }()
	joined := &chain{parts: []condition{p.part()}}
	for first := true; ; first = false {
		switch {
		case p.take("AND"):
			if !first && joined.any {
				panic(p.malformed("AND"))
			}
		case p.take("OR"):
			if !first && !joined.any {
				panic(p.malformed("OR"))
			}
			joined.any = true
		default:
			return joined
		}
		joined.parts = append(joined.parts, p.part())
	}
}

// deeper counts how deep conditions are nested.
func (p *parser) deeper() {
	p.depth++
	if p.depth > maxDepth {
		panic(p.malformed("("))
	}
}

func (p *parser) part() condition {
	if p.take("NOT") {
		p.deeper()
		defer func() { p.depth-- }()
		return &negation{p.part()}
	}
	if p.take("(") {
		inner := p.condition()
		p.want(")")
		return inner
	}
	return p.comparison()
}

func (p *parser) comparison() condition {
	c := &comparison{field: p.name()}
	c.operator = strings.ToUpper(p.next())
	switch c.operator {
	case "=", "!=", "<>", "<", "<=", ">", ">=":
		c.values = []any{p.value()}
		return c
	case "NOT":
		p.want("IN")
		c.operator = "NOT IN"
	case "IN":
	default:
		panic(p.malformed(c.operator))
	}
	p.want("(")
	c.values = append(c.values, p.value())
	for p.take(",") {
		c.values = append(c.values, p.value())
	}
	p.want(")")
	return c
}

// value takes a literal.
func (p *parser) value() any {
	literal := p.next()
	if literal[0] == '\'' {
		return unescape.Replace(literal[1 : len(literal)-1])
	}
	switch strings.ToLower(literal) {
	case "null":
		return nil
	case "true":
		return true
	case "false":
		return false
	}
	if at, err := time.Parse(time.RFC3339Nano, literal); err == nil {
		return at
	}
	number, err := strconv.ParseFloat(literal, 64)
	if err != nil {
		panic(p.malformed(literal))
	}
	return number
}

var unescape = strings.NewReplacer(`\'`, `'`, `\"`, `"`, `\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t")
