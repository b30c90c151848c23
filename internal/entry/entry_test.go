// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// TestKinds: what each kind of field keeps; want is empty where it is nothing.
func TestKinds(t *testing.T) {
	tests := map[string]struct{ field, value, want string }{
		"word":                         {"word", `"ab-1.2:3/4_5?x=1"`, "ab-1.2:3/4_5?x=1"},
		"word, space around":           {"word", `" ab\t"`, "ab"},
		"word, number":                 {"word", `9007199254740993`, "9007199254740993"},
		"word, true":                   {"word", `true`, "true"},
		"word, null":                   {"word", `null`, ""},
		"word, empty":                  {"word", `""`, ""},
		"word, event reference":        {"word", `"18-646602214"`, "18-646602214"},
		"word, phone number":           {"word", `"555-123-4567"`, ""},
		"word, card number":            {"word", `4111111111111111`, ""},
		"word, token":                  {"word", `"shpat_0123456789abcdef"`, ""},
		"word, header":                 {"word", `"Bearer:abc123def456"`, ""},
		"word, secret":                 {"word", `"client_secret=0123456789abcdef"`, ""},
		"word, that says null":         {"word", `"null"`, "null"},
		"ID":                           {"ref", `"18-646602214"`, "18-646602214"},
		"ID, null":                     {"ref", `"null"`, ""},
		"ID, zero":                     {"ref", `0`, ""},
		"ID, of nothing":               {"ref", `"undefined:null"`, ""},
		"ID, phone number":             {"ref", `"555-123-4567"`, ""},
		"outcome":                      {"result", `"order_found"`, "order_found"},
		"outcome, of two words":        {"result", `"Timed out"`, "Timed out"},
		"outcome, unknown words":       {"result", `"Jane Doe"`, ""},
		"word, two":                    {"word", `"a b"`, ""},
		"word, e-mail address":         {"word", `"jane@example.com"`, ""},
		"word, object":                 {"word", `{"a":1}`, ""},
		"word, list":                   {"word", `["a"]`, ""},
		"word, escaped":                {"word", `"\u0061b"`, "ab"},
		"word, long":                   {"word", `"` + strings.Repeat("x", 256) + `"`, ""},
		"name":                         {"name", `"Bestellungen für Köln"`, "Bestellungen für Köln"},
		"name, number":                 {"name", `7`, "7"},
		"name, e-mail address":         {"name", `"Bot of jane@example.com"`, ""},
		"name, escaped e-mail":         {"name", `"jane%40example.com"`, ""},
		"name, phone number":           {"name", `"+33 (6) 12 34-56.78"`, ""},
		"name, another number":         {"name", `"555-123-4567"`, ""},
		"name with a phone number":     {"name", `"Call Jane +33 6 12 34 56 78"`, ""},
		"name, number and words":       {"name", `"+33 612 345 678 (mobile)"`, ""},
		"name with a card number":      {"name", `"Card 4111 1111 1111 1111"`, ""},
		"name with a token":            {"name", `"Sync of xoxb-123456789012-abcdefghijkl"`, ""},
		"name with a header":           {"name", `"Basic dXNlcjpwYXNz"`, ""},
		"name, turned around":          {"name", `"Order \u202ebot\u200b"`, "Order bot"},
		"name, digits":                 {"name", `"5551234567"`, "5551234567"},
		"name with a number in it":     {"name", `"Order bot 2026-11"`, "Order bot 2026-11"},
		"name, few digits":             {"name", `"v 1.2-3"`, "v 1.2-3"},
		"name, line break":             {"name", `"a\nb"`, ""},
		"name, long":                   {"name", `"` + strings.Repeat("x", 256) + `"`, ""},
		"name, object":                 {"name", `{}`, ""},
		"name, not filled in":          {"name", `"{{flow}}"`, ""},
		"name with a brace":            {"name", `"{{flow}} of us"`, "{{flow}} of us"},
		"sentence":                     {"text", `" What happened? "`, "What happened?"},
		"sentence, turned around":      {"text", `"a\u202eb"`, "ab"},
		"sentence, number":             {"text", `17`, "17"},
		"sentence, false":              {"text", `false`, ""},
		"sentence, object":             {"text", `{"a":"b"}`, ""},
		"sentence, control characters": {"text", `"\u0007\n"`, ""},
		"keys":                         {"inputs", `{"b":"secret","a":{"c":1},"":0}`, "b,a"},
		"keys, e-mail address":         {"inputs", `{"jane@example.com":1,"a":2,"+33 612345678":3}`, "a"},
		"keys, phone number and token": {"inputs", `{"Call +33 612 345 678":1,"a":2,"ghp_0123456789abcdef0123":3}`, "a"},
		"keys, comma":                  {"inputs", `{"b,c":1,"a":2}`, "a"},
		"keys, turned around":          {"inputs", `{"b\u202ec":1,"a":2}`, "bc,a"},
		"keys of nothing":              {"inputs", `{}`, ""},
		"keys of a list":               {"inputs", `["secret"]`, ""},
		"keys of a text":               {"inputs", `"secret"`, ""},
		"keys, long":                   {"inputs", `{"` + strings.Repeat("x", 256) + `":1,"a":2}`, "a"},
	}
	names := map[string]string{"word": "test.word", "ref": "test.ref", "result": "test.result", "name": "test.name", "text": "test.text.message", "inputs": "test.inputs"}
	for name, test := range tests {
		for place, body := range map[string]string{
			"below fields": `{"message":"m","fields":{"` + test.field + `":` + test.value + `}}`,
			"at the top":   `{"message":"m","` + test.field + `":` + test.value + `}`,
		} {
			t.Run(name+", "+place, func(t *testing.T) {
				got, there := attributes(one(t, body))[names[test.field]]
				require.Equal(t, test.want, got)
				require.Equal(t, test.want != "", there, "an attribute is never empty")
			})
		}
	}
	t.Run("keys are bounded", func(t *testing.T) {
		got := attributes(one(t, `{"message":"m","inputs":{`+strings.Repeat(`"k":1,`, 60)+`"k":1}}`))["test.inputs"]
		require.Equal(t, maxKeys, strings.Count(got, "k"))
	})
	t.Run("texts are bounded", func(t *testing.T) {
		long := strings.Repeat("é", maxText)
		a := one(t, `{"message":"`+long+`","error":"`+long+"x"+`","text":"`+long+`"}`)
		require.LessOrEqual(t, len(a.Description), maxSentence)
		require.LessOrEqual(t, len(a.Error.Message), maxText)
		require.LessOrEqual(t, len(attributes(a)["test.text.message"]), maxText)
	})
}

// TestPlaces: what stands below fields comes first, wherever it stands in the body; of
// two it is the last there, and the first at the top.
func TestPlaces(t *testing.T) {
	for body, want := range map[string]string{
		`{"message":"m","word":"top","fields":{"word":"below"}}`:      "below",
		`{"message":"m","fields":{"word":"below"},"word":"top"}`:      "below",
		`{"message":"m","fields":{"word":"not a word"},"word":"top"}`: "top",
		`{"message":"m","word":"top","fields":{"word":""}}`:           "top",
		`{"message":"m","word":"first","word":"second"}`:              "first",
		`{"message":"m","fields":{"fields":{"word":"too deep"}}}`:     "",
		`{"message":"m","fields":[{"word":"in a list"}]}`:             "",
		`{"message":"m","fields":"{\"word\":\"in a text\"}"}`:         "",
	} {
		require.Equal(t, want, attributes(one(t, body))["test.word"], body)
	}
	require.Equal(t, "1", attributes(one(t, `{"message":"m","fields":{"a":{"b":{"c":1,"d":2}}}}`))["test.deep"])
}

// TestActivity is an entry with all that every product has.
func TestActivity(t *testing.T) {
	a := one(t, `{"id":"e-1","timestamp":"2026-11-26T11:59:00Z","product":"x","service":"svc","level":"ERROR","message":"It failed","fields":{
		"subdomain":"acme","account_id":17,"object":{"type":"ticket","id":35},"status_code":404,"error":{"message":"no such order","code":"E7"},"name":"Order"}}`)
	require.Equal(t, activity.Activity{
		ID: "acme/Order/e-1", Product: activity.ZIS, Type: "test_run", Evidence: activity.Reported, Account: "acme", IntegrationName: "Order",
		Time: a.Time, Observed: received, Status: "ERROR", Description: `Test "Order": It failed: no such order (404 Not Found)`,
		ObjectType: "ticket", ObjectID: "35", HTTPStatusCode: 404,
		Error:      &activity.Failure{Type: activity.ErrorNotFound, Code: "E7", Message: "no such order"},
		Attributes: a.Attributes,
	}, a)
	require.Equal(t, "2026-11-26T11:59:00Z", a.Time.Format("2006-01-02T15:04:05Z07:00"))
	require.Equal(t, map[string]string{"test.service": "svc", "test.name": "Order"}, attributes(a))

	require.Equal(t, "17", one(t, `{"message":"m","account_id":17}`).Account, "without a subdomain")
	require.Empty(t, one(t, `{"message":"m","account_id":17}`).Payload)
}

// TestIncludeFields: whatever is asked for is kept, beside what is known.
func TestIncludeFields(t *testing.T) {
	body := `{"message":"m","top":"t","fields":{"order":{"number":17,"lines":[1,2]},"inputs":{"isbn":"978","size":"L"},"object":{"type":"ticket","id":35},"word":"w"}}`
	tests := map[string]struct {
		include []string
		want    map[string]string
	}{
		"nothing":                {nil, map[string]string{}},
		"member":                 {[]string{"order.number"}, map[string]string{"test.order.number": "17"}},
		"list":                   {[]string{"order.lines"}, map[string]string{"test.order.lines": "[1,2]"}},
		"object":                 {[]string{"order"}, map[string]string{"test.order": `{"number":17,"lines":[1,2]}`}},
		"object and member":      {[]string{"order.number", "order"}, map[string]string{"test.order.number": "17", "test.order": `{"number":17,"lines":[1,2]}`}},
		"at the top":             {[]string{"top"}, map[string]string{"test.top": "t"}},
		"not there":              {[]string{"nothing", "order.nothing", "order.number.nothing"}, map[string]string{}},
		"known":                  {[]string{"word"}, map[string]string{}},
		"value of a known field": {[]string{"inputs.isbn"}, map[string]string{"test.inputs.isbn": "978"}},
		"all of a known field":   {[]string{"object"}, map[string]string{"test.object": `{"type":"ticket","id":35}`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := one(t, body, func(c *Config) { c.IncludeFields = test.include })
			test.want["test.word"] = "w"
			test.want["test.inputs"] = "isbn,size"
			require.Equal(t, test.want, attributes(a))
			require.Equal(t, "35", a.ObjectID, "what is known stays known")
		})
	}
}

func TestIncludePayload(t *testing.T) {
	delivery := parse(t, `[{"message":"a","x":1}, {"message": "b"}]`, func(c *Config) { c.IncludePayload = true })
	payloads := []string{delivery.Activities[0].Payload, delivery.Activities[1].Payload}
	require.Equal(t, []string{`{"message":"a","x":1}`, `{"message": "b"}`}, payloads, "each its own, as it was posted")
}
