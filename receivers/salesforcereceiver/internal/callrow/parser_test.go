// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package callrow

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

// fields is a row.
type fields []string

func (f fields) Field(i int) []byte { return []byte(f[i]) }

const userID15 = "0055e000000Zd01"

func ourUsers(tb testing.TB) Users {
	tb.Helper()
	id, ok := sfid.Parse(userID15)
	require.True(tb, ok)
	return Users{id: {}}
}

// parse reads one row, given as NAME=value.
func parse(t *testing.T, eventType Type, pairs ...string) (Call, Verdict) {
	t.Helper()
	var header []string
	var row fields
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		header, row = append(header, name), append(row, value)
	}
	p, err := NewParser(eventType, header, ourUsers(t))
	require.NoError(t, err)
	return p.Parse(row)
}

const timestampPair = "TIMESTAMP=20261125091122.345"

// TestFailed: what counts as failed, by type.
func TestFailed(t *testing.T) {
	tests := map[string]struct {
		eventType Type
		pairs     []string
		want      Verdict
	}{
		"ok":                    {RestAPI, []string{"STATUS_CODE=200", "REQUEST_STATUS=S"}, Succeeded},
		"created":               {RestAPI, []string{"STATUS_CODE=201"}, Succeeded},
		"not modified":          {RestAPI, []string{"STATUS_CODE=304"}, Succeeded},
		"ambiguous":             {RestAPI, []string{"STATUS_CODE=300", "REQUEST_STATUS=S"}, Failed},
		"bad request":           {RestAPI, []string{"STATUS_CODE=400", "REQUEST_STATUS=F"}, Failed},
		"with a fraction":       {RestAPI, []string{"STATUS_CODE=503.0"}, Failed},
		"code before letter":    {RestAPI, []string{"STATUS_CODE=200", "REQUEST_STATUS=F"}, Succeeded},
		"failure":               {RestAPI, []string{"STATUS_CODE=", "REQUEST_STATUS=F"}, Failed},
		"authorization":         {RestAPI, []string{"REQUEST_STATUS=A"}, Failed},
		"not found":             {RestAPI, []string{"REQUEST_STATUS=n"}, Failed},
		"undefined":             {RestAPI, []string{"REQUEST_STATUS=U"}, Succeeded},
		"redirect":              {RestAPI, []string{"REQUEST_STATUS=R"}, Succeeded},
		"blank":                 {RestAPI, []string{"REQUEST_STATUS="}, Succeeded},
		"several letters":       {RestAPI, []string{"REQUEST_STATUS=FA"}, Succeeded},
		"usage":                 {APITotalUsage, []string{"STATUS_CODE=401"}, Failed},
		"usage, ok":             {APITotalUsage, []string{"STATUS_CODE=204"}, Succeeded},
		"bulk":                  {BulkAPI2, []string{"RECORDS_FAILED=3"}, Failed},
		"bulk, ok":              {BulkAPI2, []string{"RECORDS_FAILED=0", "JOB_STATUS=JobComplete"}, Succeeded},
		"bulk, job":             {BulkAPI2, []string{"RECORDS_FAILED=", "JOB_STATUS=Failed"}, Failed},
		"login":                 {Login, []string{"LOGIN_STATUS=LOGIN_ERROR_INVALID_PASSWORD"}, Failed},
		"login, ok":             {Login, []string{"LOGIN_STATUS=LOGIN_NO_ERROR", "REQUEST_STATUS=F"}, Succeeded},
		"login, without status": {Login, []string{"LOGIN_STATUS=", "REQUEST_STATUS=F"}, Failed},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, verdict := parse(t, test.eventType, append([]string{timestampPair, "USER_ID=" + userID15}, test.pairs...)...)
			require.Equal(t, test.want, verdict)
		})
	}
}

// TestUsers: of 15 or 18 characters, letter by letter, under either name.
func TestUsers(t *testing.T) {
	for user, want := range map[string]Verdict{
		"USER_ID=" + userID15: Failed, "USER_ID=" + userID15 + "AAA": Failed, "USER_ID_DERIVED=" + userID15 + "AAA": Failed,
		"USER_ID=0055E000000Zd01": Foreign, "USER_ID=": Foreign, "USER_ID=jane@example.com": Foreign, "USER_ID=0055e000000Zd02": Foreign,
	} {
		_, verdict := parse(t, APITotalUsage, timestampPair, user, "STATUS_CODE=400")
		require.Equal(t, want, verdict, user)
	}
	_, verdict := parse(t, APITotalUsage, timestampPair, "USER_ID=", "USER_ID_DERIVED="+userID15+"AAA", "STATUS_CODE=400")
	require.Equal(t, Failed, verdict)
}

func TestTimes(t *testing.T) {
	want := time.Date(2026, 11, 25, 9, 11, 22, 345000000, time.UTC)
	for _, pairs := range [][]string{
		{timestampPair},
		{"TIMESTAMP=", "TIMESTAMP_DERIVED=2026-11-25T09:11:22.345Z"},
		{"TIMESTAMP_DERIVED=2026-11-25T09:11:22.345Z"},
		{timestampPair, "TIMESTAMP_DERIVED=?"},
	} {
		call, verdict := parse(t, APITotalUsage, append(pairs, "USER_ID="+userID15, "STATUS_CODE=400")...)
		require.Equal(t, Failed, verdict)
		require.Equal(t, want, call.Time)
	}
	for _, text := range []string{"", "0", "99991231000000.000", "18990101000000.000", "2026-11-25"} {
		_, verdict := parse(t, APITotalUsage, "TIMESTAMP="+text, "USER_ID="+userID15, "STATUS_CODE=400")
		require.Equal(t, Unusable, verdict, text)
	}
}

// TestColumns: what is missing is named, with its alternatives.
func TestColumns(t *testing.T) {
	for eventType, want := range map[Type]string{
		RestAPI:       "of type RestApi: TIMESTAMP or TIMESTAMP_DERIVED, USER_ID or USER_ID_DERIVED, STATUS_CODE or REQUEST_STATUS",
		APITotalUsage: "of type ApiTotalUsage: TIMESTAMP or TIMESTAMP_DERIVED, USER_ID or USER_ID_DERIVED, STATUS_CODE",
		BulkAPI2:      "RECORDS_FAILED or JOB_STATUS",
		Login:         "LOGIN_STATUS or REQUEST_STATUS",
	} {
		_, err := NewParser(eventType, []string{"EVENT_TYPE"}, nil)
		require.ErrorIs(t, err, ErrColumns)
		require.ErrorContains(t, err, want)
	}
}

// TestFields: everything that is taken, and only that.
func TestFields(t *testing.T) {
	call, verdict := parse(t, RestAPI, timestampPair, "USER_ID="+userID15, "STATUS_CODE=400", "REQUEST_STATUS=F", "METHOD=post",
		"URI=/services/data/v64.0/sobjects/Case/5005e00000AbCdE?name=Jane", `EXCEPTION_MESSAGE="DUPLICATES_DETECTED: Use one"`, "ENTITY_NAME= Case ",
		"REQUEST_ID=TID:1", "CLIENT_IP=192.0.2.1", "USER_NAME=jane@example.com")
	require.Equal(t, Failed, verdict)
	require.NotZero(t, call.Key)
	call.Key = Key{}
	require.Equal(t, Call{
		Type: RestAPI, Time: call.Time, RequestID: "TID:1", Method: "POST", StatusCode: 400, RequestStatus: "F",
		Exception: "DUPLICATES_DETECTED: Use one", Entity: "Case", RecordID: "5005e00000AbCdE", Action: "sobjects",
	}, call)

	call, _ = parse(t, BulkAPI2, timestampPair, "USER_ID="+userID15, "JOB_ID=7505e00000AbCdE", "JOB_STATUS=JobComplete", "OPERATION_TYPE=insert",
		"ENTITY_TYPE=Contact", "RECORDS_FAILED=3", "RECORDS_PROCESSED=10.0")
	require.Equal(t, Call{
		Type: BulkAPI2, Key: call.Key, Time: call.Time, Entity: "Contact", JobID: "7505e00000AbCdE", JobStatus: "JobComplete", Operation: "insert", Failed: 3, Processed: 10,
	}, call)
}

// TestResources: a record's id is taken from a resource, and nothing else that may stand
// there.
func TestResources(t *testing.T) {
	for uri, want := range map[string][2]string{
		"/services/data/v64.0/sobjects/Case/5005e00000AbCdEAAV":        {"5005e00000AbCdEAAV", "sobjects"},
		"/v64.0/sobjects/Account/0015e00000AbCdE/Contacts":             {"0015e00000AbCdE", "sobjects"},
		"/services/data/v64.0/sobjects/Contact/Email/jane@example.com": {"", "sobjects"},
		"/services/data/v64.0/sobjects/Contact/EmergencyContact/x":     {"", "sobjects"},
		"/services/data/v64.0/sobjects/Case":                           {"", "sobjects"},
		"/services/data/v64.0/query?q=SELECT+Id+FROM+Contact":          {"", "query"},
		"/services/data/v64.0/parameterizedSearch/?q=Jane":             {"", "parameterizedSearch"},
		"/services/data/v64.0/composite/sobjects/":                     {"", "composite"},
		"/services/apexrest/Zendesk/sync":                              {"", "apexrest"},
		"/x?y=/sobjects/Case/5005e00000AbCdE":                          {"", ""},
		"":                                                             {"", ""},
	} {
		require.Equal(t, want, [2]string{recordOf(uri), actionOf(uri)}, uri)
	}
}

func TestREST(t *testing.T) {
	for call, want := range map[Call]bool{
		{Type: RestAPI}: true, {Type: APITotalUsage, Family: "REST"}: true, {Type: APITotalUsage, Family: "rest"}: true, {Type: APITotalUsage}: true,
		{Type: APITotalUsage, Family: "SOAP"}: false, {Type: APITotalUsage, Family: "ApexREST"}: false, {Type: BulkAPI2}: false, {Type: Login}: false,
	} {
		require.Equal(t, want, call.REST(), call)
	}
}

// TestKey: it is that of the content: the order of the columns, those that other intervals
// or releases add, and the form of the user's id make no other.
func TestKey(t *testing.T) {
	key := func(pairs ...string) Key {
		call, verdict := parse(t, APITotalUsage, pairs...)
		require.Equal(t, Failed, verdict)
		return call.Key
	}
	want := key(timestampPair, "USER_ID="+userID15, "STATUS_CODE=400", "REQUEST_ID=TID:1", "ENTITY_NAME=Case")
	require.Equal(t, want, key("ENTITY_NAME=Case", "REQUEST_ID=TID:1", "STATUS_CODE=400", "USER_ID="+userID15, timestampPair))
	require.Equal(t, want, key(timestampPair, "USER_ID="+userID15, "STATUS_CODE=400", "REQUEST_ID=TID:1", "ENTITY_NAME=Case", "BRAND_NEW=1", "QUERY="))
	require.Equal(t, want, key("TIMESTAMP_DERIVED=2026-11-25T09:11:22.345Z", "USER_ID_DERIVED="+userID15+"AAA", "STATUS_CODE=400", "REQUEST_ID=TID:1", "ENTITY_NAME=Case"))
	for _, other := range [][]string{
		{timestampPair, "USER_ID=" + userID15, "STATUS_CODE=401", "REQUEST_ID=TID:1", "ENTITY_NAME=Case"},
		{timestampPair, "USER_ID=" + userID15, "STATUS_CODE=400", "REQUEST_ID=TID:2", "ENTITY_NAME=Case"},
		{timestampPair, "USER_ID=" + userID15, "STATUS_CODE=400", "REQUEST_ID=TID:1Case", "ENTITY_NAME="},
		{"TIMESTAMP=20261125091122.346", "USER_ID=" + userID15, "STATUS_CODE=400", "REQUEST_ID=TID:1", "ENTITY_NAME=Case"},
		{timestampPair, "USER_ID=" + userID15, "STATUS_CODE=400", "REQUEST_ID=TID:1", "ENTITY_NAME=Case", "API_RESOURCE=/v1"},
	} {
		require.NotEqual(t, want, key(other...))
	}
}

// FuzzRow: whatever a row holds, what is taken of it has its form.
func FuzzRow(f *testing.F) {
	f.Add("20261125091122.345", userID15, "400", "F", "/services/data/v64.0/sobjects/Case/5005e00000AbCdE", `"X_Y: z"`)
	f.Add("", userID15+"AAA", "1e9", "N", "/sobjects//?/sobjects/", `"`)
	f.Fuzz(func(t *testing.T, timestamp, user, code, status, uri, exception string) {
		p, err := NewParser(RestAPI, []string{"TIMESTAMP", "USER_ID", "STATUS_CODE", "REQUEST_STATUS", "URI", "EXCEPTION_MESSAGE"}, ourUsers(t))
		require.NoError(t, err)
		row := fields{timestamp, user, code, status, uri, exception}
		call, verdict := p.Parse(row)
		if verdict != Failed {
			require.Zero(t, call)
			return
		}
		require.Equal(t, userID15, user[:15])
		require.False(t, call.Time.IsZero())
		require.True(t, call.StatusCode >= 400 || call.StatusCode == http.StatusMultipleChoices || call.StatusCode == 0)
		if call.RecordID != "" {
			_, ok := sfid.Parse(call.RecordID)
			require.True(t, ok)
		}
		require.True(t, call.Action == "" || actions[call.Action])
		again, _ := p.Parse(row)
		require.Equal(t, call, again)
	})
}

func BenchmarkParse(b *testing.B) {
	header := []string{"TIMESTAMP", "USER_ID", "STATUS_CODE", "REQUEST_STATUS", "URI", "EXCEPTION_MESSAGE"}
	p, err := NewParser(RestAPI, header, ourUsers(b))
	require.NoError(b, err)
	for name, row := range map[string]fields{
		"foreign":   {"20261125091122.345", "0055e000000Jane", "400", "F", "/services/data/v64.0/sobjects/Case/5005e00000AbCdE", "X_Y: z"},
		"succeeded": {"20261125091122.345", userID15, "200", "S", "/services/data/v64.0/sobjects/Case/5005e00000AbCdE", ""},
		"failed":    {"20261125091122.345", userID15, "400", "F", "/services/data/v64.0/sobjects/Case/5005e00000AbCdE", "X_Y: z"},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Parse(row)
			}
		})
	}
}
