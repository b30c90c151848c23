// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

func TestObject(t *testing.T) {
	tests := map[string]struct {
		body string
		want kept
	}{
		"nothing":                     {`{}`, kept{}},
		"space around":                {" \r\n\t{ \"id\" : 1 } \n", kept{id: {"1"}}},
		"scalars":                     {`{"id":1,"text":"a","flag":true,"list":false}`, kept{id: {"1"}, text: {"a"}, flag: {"true"}, list: {"false"}}},
		"null":                        {`{"id":null,"list":null,"user":null,"owner":null,"errors":null,"user":{"id":null}}`, kept{}},
		"number as it is written":     {`{"id":9007199254740993,"text":-10.50,"flag":1E+400}`, kept{id: {"9007199254740993"}, text: {"-10.50"}, flag: {"1E+400"}}},
		"what is not named":           {`{"email":"x","ids":1,"ID":2," id":3,"":4,"note":{"id":5},"x":[{"id":6}]}`, kept{}},
		"twice":                       {`{"id":1,"id":null,"id":2}`, kept{id: {"1", "2"}}},
		"empty string":                {`{"text":""}`, kept{text: {""}}},
		"escaped":                     {`{"text":"\u0023\n\"\\\ud83d\ude00\/"}`, kept{text: {"#\n\"\\😀/"}}},
		"lone surrogate":              {`{"text":"a\ud800b","text":"\udc00"}`, kept{text: {"a\uFFFDb", "\uFFFD"}}},
		"escaped name is not allowed": {`{"\u0069d":1}`, kept{}},
		"quotes in a name":            {`{"\"id\"":1,"id\"":2,"\"id":3,"\\id":4}`, kept{}},
		"invalid UTF-8":               {"{\"text\":\"a\xffb\",\"id\":\"\xc3\x28\",\"i\xffd\":1}", kept{text: {"a\uFFFDb"}, id: {"\uFFFD("}}},
		"scalar where none belongs":   {`{"user":1,"user":"x","user":true,"errors":"x"}`, kept{}},
		"object where none belongs":   {`{"id":{"id":1},"text":{"text":"x"},"errors":{"title":"x"},"errors":{"0":{"title":"x"}}}`, kept{}},
		"list where none belongs":     {`{"id":[1],"user":[{"id":1}],"owner":[{"id":1}]}`, kept{}},
		"members":                     {`{"user":{"email":"x","id":1,"name":"a","of":{"id":2,"of":{"id":3}},"user":{"id":4}}}`, kept{nested: {"1", "a", "2"}}},
		"scalar or members":           {`{"owner":1,"owner":{"id":2,"owner":3}}`, kept{id: {"1", "2"}}},
		"whole list":                  {`{"list":[1, {"a":"b"} ,"c"]}`, kept{list: {`[1, {"a":"b"} ,"c"]`}}},
		"whole object":                {`{"list":{"a": [null]}}`, kept{list: {`{"a": [null]}`}}},
		"first element":               {`{"errors":[{"title":"a"},{"title":"b"},"c"]}`, kept{first: {"a"}}},
		"first element, a scalar":     {`{"errors":["a","b",{"title":"c"}]}`, kept{first: {"a"}}},
		"first element, of another":   {`{"errors":[[{"title":"a"}],{"title":"b"}]}`, kept{}},
		"first element, null":         {`{"errors":[null,{"title":"b"}]}`, kept{}},
		"first element of none":       {`{"errors":[],"id":1}`, kept{id: {"1"}}},
		"first within first":          {`{"errors":[{"detail":["a","b"],"title":"c"},{"detail":["d"]}],"id":1}`, kept{first: {"a", "c"}, id: {"1"}}},
		"first before whole":          {`{"events":[[1,2],3]}`, kept{first: {"[1,2]"}}},
		"whole without a list":        {`{"events":{"id":1}}`, kept{elements: {`{"id":1}`}}},
		"9,000 lists deep":            {`{"x":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `,"id":1}`, kept{id: {"1"}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := kept{}
			require.NoError(t, Object([]byte(test.body), allowed, got))
			require.Equal(t, test.want, got)
		})
	}
}

func TestElements(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string
	}{
		"none":          {"[]", nil},
		"some":          {` [ 1 , {"a": [2]} ,"b", null, true, [] ] `, []string{"1", `{"a": [2]}`, "b", "null", "true", "[]"}},
		"invalid UTF-8": {"[\"a\xff\"]", []string{"a\uFFFD"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			require.NoError(t, Elements([]byte(test.body), func(element jsontext.Value) { got = append(got, Text(element)) }))
			require.Equal(t, test.want, got)
		})
	}
}

// TestElementsAreRead shows that an element can be read while the list is.
func TestElementsAreRead(t *testing.T) {
	got := kept{}
	require.NoError(t, Elements([]byte(`[{"id":1},2,{"id":3}]`), func(element jsontext.Value) {
		if err := Object(element, allowed, got); err != nil {
			require.Equal(t, errNoObject, err)
		}
	}))
	require.Equal(t, kept{id: {"1", "3"}}, got)
}

// TestNothingIsKeptOfTheBody guards against texts that alias a buffer which is used
// again for the next request.
func TestNothingIsKeptOfTheBody(t *testing.T) {
	body := []byte(`{"id":123,"text":"plain","text":"\u0023","list":["a"],"errors":["b"]}`)
	got := kept{}
	require.NoError(t, Object(body, allowed, got))
	for i := range body {
		body[i] = 'x'
	}
	require.NoError(t, Object([]byte(`{"id":456,"text":"other","list":["c"]}`), allowed, kept{}))
	require.Equal(t, kept{id: {"123"}, text: {"plain", "#"}, list: {`["a"]`}, first: {"b"}}, got)
}

// TestValuesArePartsOfTheBody holds what the documentation of Keeper says, on which the
// cost of a whole list depends.
func TestValuesArePartsOfTheBody(t *testing.T) {
	body := []byte(`{"list":["a"]}`)
	var value jsontext.Value
	require.NoError(t, Object(body, allowed, keepFunc(func(_ Field, v jsontext.Value) { value = v })))
	require.Equal(t, `["a"]`, string(value))
	require.Same(t, &body[len(`{"list":`)], &value[0])
}

type keepFunc func(Field, jsontext.Value)

func (f keepFunc) Keep(field Field, value jsontext.Value) { f(field, value) }
