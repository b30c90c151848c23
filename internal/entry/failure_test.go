// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// TestFailure: whether an entry tells of a failure, and what. The body is the entry without
// its beginning, which has the message "it".
func TestFailure(t *testing.T) {
	failure := func(kind activity.ErrorType, code, message string) *activity.Failure {
		return &activity.Failure{Type: kind, Code: code, Message: message}
	}
	other := failure(activity.ErrorOther, "", "it")
	tests := map[string]struct {
		body   string
		want   *activity.Failure
		status activity.Status
	}{
		"nothing":                      {`}`, nil, ""},
		"level info":                   {`,"level":"info"}`, nil, "info"},
		"level error":                  {`,"level":"error"}`, other, "error"},
		"level in capitals":            {`,"level":"FATAL"}`, other, "FATAL"},
		"level warning":                {`,"level":"Warning"}`, nil, "Warning"},
		"level warning and a cause":    {`,"level":"warning","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "warning"},
		"level warning and a code":     {`,"level":"warning","error_code":"E"}`, failure(activity.ErrorOther, "E", "it"), "warning"},
		"level warning and 429":        {`,"level":"warning","status_code":429}`, failure(activity.ErrorRateLimit, "", "it"), "warning"},
		"level warning and 200":        {`,"level":"warning","status_code":200}`, nil, "warning"},
		"level retried and a cause":    {`,"level":"retried","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "retried"},
		"level alert":                  {`,"level":"alert","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "alert"},
		"level panic":                  {`,"level":"PANIC"}`, other, "PANIC"},
		"level severe":                 {`,"level":"Severe"}`, other, "Severe"},
		"level exception":              {`,"level":"exception"}`, other, "exception"},
		"level client error":           {`,"level":"client error"}`, other, "client error"},
		"level in French":              {`,"level":"Échec"}`, other, "Échec"},
		"level timed out":              {`,"level":"timed_out"}`, failure(activity.ErrorTimeout, "", "it"), "timed_out"},
		"level 500":                    {`,"level":500}`, failure(activity.ErrorRemoteOutage, "", "it"), "500"},
		"level 500 and 404":            {`,"level":"500","status_code":404}`, failure(activity.ErrorNotFound, "", "it"), "500"},
		"level 200 and a cause":        {`,"level":200,"cause":"why"}`, nil, "200"},
		"level success and 404":        {`,"level":"success","status_code":404}`, nil, "success"},
		"level null and nothing":       {`,"level":"null"}`, nil, ""},
		"level null and 404":           {`,"level":"null","status_code":404}`, failure(activity.ErrorNotFound, "", "it"), "error"},
		"level undefined and a cause":  {`,"level":"undefined","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "error"},
		"level none and an outcome":    {`,"level":"none","outcome":"failed"}`, other, "error"},
		"level unknown":                {`,"level":"unknown"}`, nil, "unknown"},
		"level unknown and a cause":    {`,"level":"unknown","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "error"},
		"level pending and 503":        {`,"level":"pending","status_code":503}`, failure(activity.ErrorRemoteOutage, "", "it"), "error"},
		"level that nobody knows":      {`,"level":"wibble","status_code":503}`, failure(activity.ErrorRemoteOutage, "", "it"), "error"},
		"level that is a sentence":     {`,"level":"something is wrong","status_code":503}`, failure(activity.ErrorRemoteOutage, "", "it"), "error"},
		"level debug and a cause":      {`,"level":"debug","cause":"why"}`, nil, "debug"},
		"level info and 404":           {`,"level":"info","status_code":404}`, nil, "info"},
		"no level and 404":             {`,"status_code":404}`, failure(activity.ErrorNotFound, "", "it"), "error"},
		"no level and 200":             {`,"status_code":200}`, nil, ""},
		"status code as text":          {`,"fields":{"status_code":"503"}}`, failure(activity.ErrorRemoteOutage, "", "it"), "error"},
		"401":                          {`,"status_code":401}`, failure(activity.ErrorAuthorization, "", "it"), "error"},
		"409":                          {`,"status_code":409}`, failure(activity.ErrorConflict, "", "it"), "error"},
		"413":                          {`,"status_code":413}`, failure(activity.ErrorLimit, "", "it"), "error"},
		"422":                          {`,"status_code":422}`, failure(activity.ErrorValidation, "", "it"), "error"},
		"429":                          {`,"status_code":429}`, failure(activity.ErrorRateLimit, "", "it"), "error"},
		"504":                          {`,"status_code":504}`, failure(activity.ErrorTimeout, "", "it"), "error"},
		"no such code":                 {`,"status_code":999}`, nil, ""},
		"outcome":                      {`,"outcome":"Failed"}`, other, "error"},
		"outcome that is good":         {`,"outcome":"success"}`, nil, ""},
		"outcome in French":            {`,"outcome":"échec"}`, other, "error"},
		"outcome of two words":         {`,"outcome":"client error"}`, other, "error"},
		"outcome 404":                  {`,"outcome":"404"}`, failure(activity.ErrorNotFound, "", "it"), "error"},
		"outcome that warns":           {`,"outcome":"throttled"}`, nil, "warning"},
		"outcome that warns, and why":  {`,"outcome":"throttled","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "warning"},
		"outcome that warns, a code":   {`,"outcome":"throttled","error_code":"E"}`, failure(activity.ErrorOther, "E", "it"), "warning"},
		"outcome that tells nothing":   {`,"outcome":"pending"}`, nil, ""},
		"outcome timed_out":            {`,"outcome":"timed_out"}`, failure(activity.ErrorTimeout, "", "it"), "error"},
		"outcome timeout":              {`,"outcome":"timeout"}`, failure(activity.ErrorTimeout, "", "it"), "error"},
		"cause":                        {`,"cause":"why"}`, failure(activity.ErrorOther, "", "why"), "error"},
		"cause of a timeout":           {`,"cause":"Read timed out"}`, failure(activity.ErrorTimeout, "", "Read timed out"), "error"},
		"status code before timeout":   {`,"cause":"timeout","status_code":500}`, failure(activity.ErrorRemoteOutage, "", "timeout"), "error"},
		"Error and Cause":              {`,"Error":"E","Cause":"why"}`, failure(activity.ErrorOther, "E", "why"), "error"},
		"error as an object":           {`,"error":{"Error":"E","Cause":"why"}}`, failure(activity.ErrorOther, "E", "why"), "error"},
		"error with code and message":  {`,"error":{"code":7,"message":"why"}}`, failure(activity.ErrorOther, "7", "why"), "error"},
		"error as text":                {`,"error":"no such order"}`, failure(activity.ErrorOther, "", "no such order"), "error"},
		"error as a word, and a cause": {`,"error":"no_order","cause":"why"}`, failure(activity.ErrorOther, "no_order", "why"), "error"},
		"error as a word alone":        {`,"error":"no_order"}`, failure(activity.ErrorOther, "", "no_order"), "error"},
		"error as text, and a cause":   {`,"error":"no order","cause":"why"}`, failure(activity.ErrorOther, "", "why"), "error"},
		"error code before the error":  {`,"error_code":"E","error":"no_order","cause":"why"}`, failure(activity.ErrorOther, "E", "why"), "error"},
		"error_message":                {`,"error_message":"why"}`, failure(activity.ErrorOther, "", "why"), "error"},
		"error true":                   {`,"error":true}`, nil, ""},
		"error false":                  {`,"error":false}`, nil, ""},
		"error null":                   {`,"error":null}`, nil, ""},
		"error that a template left":   {`,"error":"null","cause":"None","error_message":"undefined","error_code":"0"}`, nil, ""},
		"error that nobody filled in":  {`,"cause":"{{error}}","level":"{{level}}"}`, nil, ""},
		"error 0":                      {`,"error":0}`, nil, ""},
		"error of nothing":             {`,"error":{}}`, nil, ""},
		"error of nothing, as a text":  {`,"level":"error","error":"{}","error_code":"-"}`, other, "error"},
		"code without a level":         {`,"error_code":"E"}`, nil, ""},
		"code with a level":            {`,"level":"error","error_code":"E"}`, failure(activity.ErrorOther, "E", "it"), "error"},
		"code that is an e-mail":       {`,"level":"error","error_code":"jane@example.com"}`, other, "error"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			a := one(t, `{"message":"it"`+test.body)
			require.Equal(t, test.want, a.Error)
			require.Equal(t, test.status, a.Status)
			if a.Error != nil {
				require.Contains(t, a.Description, a.Error.Message)
			}
		})
	}
	t.Run("message of a timeout", func(t *testing.T) {
		require.Equal(t, activity.ErrorTimeout, one(t, `{"level":"error","message":"The call timed out","cause":"ETIMEDOUT"}`).Error.Type)
	})
}

// TestStatusOriginal: a level that does not decide is kept, as the severity processor does.
func TestStatusOriginal(t *testing.T) {
	for body, want := range map[string]string{
		`"level":"pending","cause":"why"`:     "pending",
		`"level":"wibble","outcome":"failed"`: "wibble",
		`"level":"null","cause":"why"`:        "",
		`"level":"error","cause":"why"`:       "",
		`"level":"pending"`:                   "", // it is the status, of which the processor makes another
		`"cause":"why"`:                       "",
	} {
		require.Equal(t, want, attributes(one(t, `{"message":"it",`+body+`}`))["status.original"], body)
	}
}

// TestLevels: what is none is not kept, so that it gets into no attribute.
func TestLevels(t *testing.T) {
	for level, want := range map[string]string{
		"error": "error", " Info ": "Info", "WARN2": "WARN2", "very bad": "very bad", "délai d'attente dépassé": "délai d'attente dépassé",
		"circuit breaker open": "circuit breaker open", "404": "404", "\u202eerror": "error", "client\\terror": "client error",
		"Jane Doe is angry": "", "Jane, Doe": "", "a.b": "", "30": "", "4711": "", "+33 612 345 678": "", "sk_live_abcdefghijkl": "", "null": "", "-": "",
		strings.Repeat("a", 33): "", "jane@example.com": "", "{{level}}": "",
	} {
		require.Equal(t, want, string(one(t, `{"message":"it","level":"`+level+`"}`).Status), level)
	}
}
