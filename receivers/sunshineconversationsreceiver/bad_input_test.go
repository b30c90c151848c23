// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sunshineconversationsreceiver

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/webhook/webhooktest"
)

// inEvent is a request with one failure whose payload is given.
func inEvent(payload string) string {
	return `{"app":{"id":"1a"},"events":[{"id":"1a","type":"switchboard:passControl:failure","payload":` + payload + `}]}`
}

// TestBadBodies posts what has a valid secret and yet may be no webhook. goleak looks
// after the goroutines of the package.
func TestBadBodies(t *testing.T) {
	r := webhooktest.Start(t, subject(t), nil)
	tests := map[string]struct {
		body    string
		code    int
		records int
	}{
		"empty":                   {"", http.StatusBadRequest, 0},
		"not JSON":                {"events=1", http.StatusBadRequest, 0},
		"truncated":               {inEvent("{}")[:40], http.StatusBadRequest, 0},
		"array":                   {"[" + inEvent("{}") + "]", http.StatusBadRequest, 0},
		"null":                    {"null", http.StatusBadRequest, 0},
		"two objects":             {inEvent("{}") + inEvent("{}"), http.StatusBadRequest, 0},
		"neither version":         {`{"app":{"id":"1a"}}`, http.StatusBadRequest, 0},
		"events is no list":       {`{"events":{"id":"1a","type":"switchboard:passControl:failure"}}`, http.StatusBadRequest, 0},
		"events is null":          {`{"events":null}`, http.StatusBadRequest, 0},
		"trigger is no text":      {`{"trigger":{"a":1}}`, http.StatusBadRequest, 0},
		"all events unreadable":   {`{"events":[1,"a",null,[],{}]}`, http.StatusBadRequest, 0},
		"20,000 objects deep":     {strings.Repeat(`{"events":`, 20_000) + "1" + strings.Repeat("}", 20_000), http.StatusBadRequest, 0},
		"no events":               {`{"events":[]}`, http.StatusOK, 0},
		"all of the wrong type":   {inEvent(`{"conversation":[],"user":1,"destination":true,"error":[1],"isFinalEvent":"maybe","externalMessages":{}}`), http.StatusOK, 1},
		"payload is no object":    {inEvent(`"text"`), http.StatusOK, 1},
		"9,000 arrays deep":       {inEvent(`{"error":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + "}"), http.StatusOK, 1},
		"an error 9,000 deep":     {inEvent(`{"error":{"underlyingError":{"error":` + strings.Repeat(`{"error":`, 9_000) + "1" + strings.Repeat("}", 9_003)), http.StatusOK, 1},
		"invalid UTF-8":           {inEvent("{\"error\":{\"message\":\"\xff\xc3\x28\"}}"), http.StatusOK, 1},
		"lone surrogate":          {inEvent(`{"error":{"message":"\ud800"}}`), http.StatusOK, 1},
		"control characters":      {inEvent(`{"error":{"message":"a\u0000b\nc\u2028d"}}`), http.StatusOK, 1},
		"duplicate names":         {inEvent(`{"reason":"a","reason":"b","error":{},"error":{"code":"c"}}`), http.StatusOK, 1},
		"a message of a megabyte": {inEvent(`{"error":{"message":"` + strings.Repeat("word ", 200_000) + `"}}`), http.StatusOK, 1},
		"a code of a megabyte":    {inEvent(`{"error":{"code":"` + strings.Repeat("c", 1<<20) + `"}}`), http.StatusOK, 1},
		"the same event 10,000 times": {
			`{"events":[` + strings.Repeat(`{"id":"2b","type":"switchboard:passControl:failure"},`, 10_000) + "1]}", http.StatusOK, 1,
		},
		"old messages of all kinds": {
			`{"trigger":"delivery:failure","timestamp":"soon","messages":[1,null,{},{"_id":"7a"},{"_id":{}}]}`, http.StatusOK, 3,
		},
		"old messages that are none": {`{"trigger":"delivery:failure","messages":["a"]}`, http.StatusOK, 1},
		"an empty list of messages":  {`{"trigger":"delivery:failure","messages":[ ]}`, http.StatusOK, 1},
	}
	number := 0
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r.Sink.Reset()
			number++
			// each an event of its own
			body := strings.ReplaceAll(test.body, `"id":"1a"`, `"id":"1a`+strings.Repeat("b", number)+`"`)
			require.Equal(t, test.code, r.Post(t, newRequest([]byte(body))).Code)
			require.Equal(t, test.records, r.Sink.LogRecordCount())
			for _, logs := range r.Sink.AllLogs() {
				requireValid(t, logs)
			}
		})
	}
}
