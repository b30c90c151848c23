// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// split visits the entries of a body: one object, the elements of one list, or the lines
// of newline-delimited JSON. A line that is no JSON costs its neighbours nothing; in a
// list or an object nobody could tell where the next entry begins.
func split(body []byte, inLines bool, visit func(jsontext.Value)) error {
	body = bytes.TrimSpace(body)
	if inLines || firstLineIsWhole(body) {
		for line := range bytes.Lines(body) {
			if line = bytes.TrimSpace(line); len(line) > 0 {
				visit(line)
			}
		}
		return nil
	}
	if len(body) > 0 && body[0] == '[' {
		return elements(body, visit)
	}
	var value jsontext.Value
	err := allowlist.Decode(body, func(dec *jsontext.Decoder) (err error) {
		value, err = dec.ReadValue()
		return err
	})
	if err == nil {
		visit(value)
	}
	return err
}

// elements visits the elements of a list once it is sure that all of it is JSON.
func elements(list []byte, visit func(jsontext.Value)) error {
	var all []jsontext.Value
	err := allowlist.Elements(list, func(element jsontext.Value) { all = append(all, element) })
	if err != nil {
		return err
	}
	for _, element := range all {
		visit(element)
	}
	return nil
}

// firstLineIsWhole tells newline-delimited JSON, whatever its content type, from an
// object that is laid out over several lines.
func firstLineIsWhole(body []byte) bool {
	line, rest, found := bytes.Cut(body, []byte{'\n'})
	if !found || len(rest) == 0 || len(line) == 0 || line[0] != '{' {
		return false
	}
	return jsontext.Value(line).IsValid(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}
