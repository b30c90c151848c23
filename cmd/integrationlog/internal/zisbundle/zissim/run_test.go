// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zissim

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func flowOf(startAt, states string) []byte {
	return []byte(`{"resources":{
		"call":{"type":"ZIS::Action::Http","properties":{"name":"call","definition":{"method":"POST","url":"https://api.example.com/items/{{$.id}}",
			"headers":[{"key":"X-Id","value":"{{$.id}}"}],"requestBody":{"text.$":"$.text","also":"is {{$.text}}","list":["{{$.id}}",1]},"connectionName":"api"}}},
		"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"` + startAt + `","States":{` + states + `}}}}}}`)
}

func TestStates(t *testing.T) {
	const (
		done = `"Done":{"Type":"Succeed","Message":"{{$.a.b}} of {{$.list[1]}}"}`
		call = `"Call":{"Type":"Action","ActionName":"zis:key:action:call","Parameters":{"id.$":"$.list[0]","text":"plain"},"ResultPath":"$.got"`
	)
	for name, test := range map[string]struct {
		start, states string
		status        int
		want          Result
	}{
		"succeed":          {"Done", done, 200, Result{Succeeded: true, Message: "x of 2", State: "Done"}},
		"no path":          {"Done", `"Done":{"Type":"Succeed","Message":"{{$.nothing}}"}`, 200, Result{Message: "JSON path not found: $.nothing", State: "Done"}},
		"fail":             {"No", `"No":{"Type":"Fail","Error":"e","Cause":"{{$.a.b}}"}`, 200, Result{Error: "e", Message: "x", State: "No"}},
		"pass":             {"P", `"P":{"Type":"Pass","Result":"y","ResultPath":"$.a.b","Next":"Done"},` + done, 200, Result{Succeeded: true, Message: "y of 2", State: "Done"}},
		"pass parameters":  {"P", `"P":{"Type":"Pass","Parameters":{"b.$":"{{$.a.b}}!"},"ResultPath":"$.a","Next":"Done"},` + done, 200, Result{Succeeded: true, Message: "x! of 2", State: "Done"}},
		"end":              {"W", `"W":{"Type":"Wait","Seconds":60,"End":true}`, 200, Result{Succeeded: true, Message: "Execution Successful", State: "W"}},
		"jq":               {"J", `"J":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":".list | add | tostring","data.$":"$"},"ResultPath":"$.a.b","Next":"Done"},` + done, 200, Result{Succeeded: true, Message: "3 of 2", State: "Done"}},
		"jq fails":         {"J", `"J":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"error(\"no\")","data":"{}"},"End":true}`, 200, Result{Message: "jq: error: no", State: "J"}},
		"call":             {"Call", call + `,"Next":"Done"},` + done, 200, Result{Succeeded: true, Message: "x of 2", State: "Done"}},
		"call fails":       {"Call", call + `,"Next":"Done"},` + done, 404, Result{Message: "external action failed due to status code: 404", State: "Call"}},
		"run again":        {"Call", call + `,"Next":"Done"},` + done, 503, Result{Message: "external action failed due to status code: 503", State: "Call", RunAgain: true}},
		"caught":           {"Call", call + `,"Next":"Done","Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":"$.err","Next":"No"}]},"No":{"Type":"Fail","Error":"e","Cause":"{{$.err.Cause}} {{$.a.b}}"},` + done, 429, Result{Error: "e", Message: "external action failed due to status code: 429 x", State: "No"}},
		"caught, no path":  {"Call", call + `,"Next":"Done","Catch":[{"ErrorEquals":["States.ALL"],"Next":"No"}]},"No":{"Type":"Fail","Error":"e","Cause":"{{$.a.b}}"},` + done, 404, Result{Message: "JSON path not found: $.a.b", State: "No"}},
		"map":              {"M", `"M":{"Type":"Map","ItemsPath":"$.list","ResultPath":"$.list","Iterator":{"StartAt":"I","States":{"I":{"Type":"Pass","Result":7,"End":true}}},"Next":"Done"},` + done, 200, Result{Succeeded: true, Message: "x of 7", State: "Done"}},
		"map fails":        {"M", `"M":{"Type":"Map","ItemsPath":"$.list","Iterator":{"StartAt":"I","States":{"I":{"Type":"Fail","Error":"e","Cause":"c"}}},"Next":"Done"},` + done, 200, Result{Message: "c", State: "M"}},
		"choice":           {"C", `"C":{"Type":"Choice","Choices":[{"Variable":"$.none","IsPresent":true,"Next":"No"},{"And":[{"Variable":"$.a.b","StringEquals":"x"},{"Not":{"Variable":"$.list[0]","NumericGreaterThan":1}}],"Next":"Done"}],"Default":"No"},` + done, 200, Result{Succeeded: true, Message: "x of 2", State: "Done"}},
		"choice, no path":  {"C", `"C":{"Type":"Choice","Choices":[{"Variable":"$.none","StringEquals":"x","Next":"Done"}],"Default":"Done"},` + done, 200, Result{Message: "JSON path not found: $.none", State: "C"}},
		"choice, no match": {"C", `"C":{"Type":"Choice","Choices":[{"Variable":"$.a.b","StringEquals":"y","Next":"Done"}]},` + done, 200, Result{Message: "no rule of the Choice holds, and it has no Default", State: "C"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				assert.JSONEq(t, `{"text":"plain","also":"is plain","list":["1",1]}`, string(body))
				assert.Equal(t, "/items/1", r.URL.Path)
				assert.Equal(t, "1", r.Header.Get("X-Id"))
				assert.Equal(t, "Bearer token", r.Header.Get("Authorization"))
				w.WriteHeader(test.status)
			}))
			defer server.Close()
			input := map[string]any{"a": map[string]any{"b": "x"}, "list": []any{1, 2}}
			result, err := Run(t.Context(), flowOf(test.start, test.states), "f", input, Options{
				Client:      server.Client(),
				Endpoints:   map[string]string{"https://api.example.com": server.URL},
				Connections: map[string]string{"api": "Bearer token"},
			})
			require.NoError(t, err)
			assert.NotEmpty(t, result.States)
			result.States, result.Data = nil, nil
			assert.Equal(t, test.want, result)
		})
	}
}

func TestWhatIsNoAnswerIsNoRunAgain(t *testing.T) {
	states := `"Call":{"Type":"Action","ActionName":"zis:key:action:call","Parameters":{"id":1,"text":"t"},"End":true}`
	result, err := Run(t.Context(), flowOf("Call", states), "f", nil, Options{Connections: map[string]string{"api": ""}})
	require.NoError(t, err)
	assert.Contains(t, result.Message, "no such host api.example.com")
	assert.False(t, result.RunAgain)

	result, err = Run(t.Context(), flowOf("Call", states), "f", nil, Options{})
	require.NoError(t, err)
	assert.Contains(t, result.Message, `"api" does not exist`)
}

func TestFaultsOfABundleAreErrors(t *testing.T) {
	for name, test := range map[string]struct {
		source []byte
		want   string
	}{
		"no JSON":     {[]byte("{"), "the bundle"},
		"no flow":     {[]byte("{}"), `no flow "f"`},
		"no state":    {flowOf("A", `"B":{"Type":"Succeed"}`), `no state "A"`},
		"odd type":    {flowOf("A", `"A":{"Type":"Parallel"}`), "Parallel"},
		"odd action":  {flowOf("A", `"A":{"Type":"Action","ActionName":"zis:common:action:LoadConfig"}`), "LoadConfig"},
		"odd catch":   {flowOf("A", `"A":{"Type":"Map","ItemsPath":"$.x","Catch":[{"ErrorEquals":["E"],"Next":"A"}]}`), "States.ALL"},
		"odd rule":    {flowOf("A", `"A":{"Type":"Choice","Choices":[{"Variable":"$","Next":"A"}]}`), "no comparison"},
		"in a circle": {flowOf("A", `"A":{"Type":"Pass","Next":"A"}`), "circle"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Run(t.Context(), test.source, "f", map[string]any{}, Options{})
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestBuiltInActionsAnswerWhatTheyAreTold(t *testing.T) {
	states := `"L":{"Type":"Action","ActionName":"zis:common:action:LoadConfig","ResultPath":"$.c","Next":"D"},"D":{"Type":"Succeed","Message":"{{$.c.config.x}}"}`
	result, err := Run(t.Context(), flowOf("L", states), "f", map[string]any{}, Options{
		BuiltIns: map[string]any{"zis:common:action:LoadConfig": map[string]any{"config": map[string]any{"x": 5}}},
	})
	require.NoError(t, err)
	assert.Equal(t, "5", result.Message)
}
