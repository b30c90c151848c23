// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

var hour = time.Date(2026, 11, 26, 10, 0, 0, 0, time.UTC)

// page is an answer to a query.
type page struct {
	TotalSize      int              `json:"totalSize"`
	Done           bool             `json:"done"`
	NextRecordsURL string           `json:"nextRecordsUrl"`
	Records        []map[string]any `json:"records"`
}

func pageOf(t *testing.T, got answer) page {
	t.Helper()
	require.Equal(t, http.StatusOK, got.status, got.body)
	var p page
	got.decode(t, &p)
	return p
}

func TestAQueryForLogFiles(t *testing.T) {
	org := start(t, Settings{})
	content := CSV(LoginColumns, Line{"EVENT_TYPE": "Login"}.At(hour))
	id := org.AddLogFile(LogFile{EventType: "Login", Hourly: true, Sequence: 12899, LogDate: hour, CreatedDate: hour.Add(4 * time.Hour), Content: content})
	daily := org.AddLogFile(LogFile{EventType: "Login", LogDate: hour.Truncate(24 * time.Hour), Content: content})

	hourly := "SELECT Id,EventType,CreatedDate,LogDate,Interval,LogFile,Sequence FROM EventLogFile WHERE Interval='Hourly' AND CreatedDate >= 2026-11-26T14:00:00Z"
	got := query(t, org, hourly)
	// Numbers are floats, and times are not of the form that a query takes.
	assert.Contains(t, got.body, `"Sequence":12899.0`)
	p := pageOf(t, got)
	assert.True(t, p.Done)
	require.Len(t, p.Records, 1)
	assert.Equal(t, "2026-11-26T14:00:00.000+0000", p.Records[0]["CreatedDate"])
	assert.Equal(t, "2026-11-26T10:00:00.000+0000", p.Records[0]["LogDate"])
	path := "/services/data/v67.0/sobjects/EventLogFile/" + id + "/LogFile"
	assert.Equal(t, path, p.Records[0]["LogFile"])
	assert.Equal(t, map[string]any{"type": "EventLogFile", "url": strings.TrimSuffix(path, "/LogFile")}, p.Records[0]["attributes"])
	assert.Equal(t, string(content), get(t, org.URL+path, org.Token()).body)

	// Who asks by id gets the daily file too.
	both := pageOf(t, query(t, org, "SELECT Id FROM EventLogFile WHERE Interval='Hourly' AND Id >= '0AT'"))
	assert.Equal(t, 2, both.TotalSize)
	assert.Equal(t, daily, both.Records[1]["Id"])
	// A path with a slash at its end is the same.
	assert.Equal(t, http.StatusOK, get(t, org.URL+"/services/data/v67.0/query/?q=SELECT+Id+FROM+EventLogFile", org.Token()).status)
}

func TestPagesOfAQuery(t *testing.T) {
	org := start(t, Settings{PageSize: 2})
	for range 5 {
		org.AddLogFile(LogFile{EventType: "Login", CreatedDate: hour})
	}
	p := pageOf(t, query(t, org, "SELECT Id FROM EventLogFile"))
	seen := map[any]bool{}
	for pages := 1; ; pages++ {
		assert.Equal(t, 5, p.TotalSize)
		for _, record := range p.Records {
			seen[record["Id"]] = true
		}
		if p.Done {
			assert.Equal(t, 3, pages)
			break
		}
		p = pageOf(t, get(t, org.URL+p.NextRecordsURL, org.Token()))
	}
	assert.Len(t, seen, 5)
	p = pageOf(t, query(t, org, "SELECT Id FROM EventLogFile"))
	org.ForgetLocators()
	got := get(t, org.URL+p.NextRecordsURL, org.Token())
	assert.Equal(t, http.StatusBadRequest, got.status)
	assert.Contains(t, got.body, "INVALID_QUERY_LOCATOR")
}

func TestQueriesThatAreRefused(t *testing.T) {
	org := start(t, Settings{NoHourlyFiles: true})
	org.AddLogFile(LogFile{EventType: "Login"})
	for soql, code := range map[string]string{
		"SELECT Id,Interval FROM EventLogFile":                                         "INVALID_FIELD",
		"SELECT Id FROM EventLogFile WHERE Interval = 'Daily'":                         "INVALID_FIELD",
		"SELECT Id FROM EventLogFile ORDER BY Sequence":                                "INVALID_FIELD",
		"SELECT Id FROM Unknown":                                                       "INVALID_TYPE",
		"SELECT Id FROM EventLogFile WHERE CreatedDate > 2026-11-26T10:00:00.000+0000": "MALFORMED_QUERY",
	} {
		got := query(t, org, soql)
		assert.Equal(t, http.StatusBadRequest, got.status)
		var errs []map[string]string
		got.decode(t, &errs)
		assert.Equal(t, code, errs[0]["errorCode"], soql)
	}
	assert.Contains(t, query(t, org, "SELECT Id,Interval FROM EventLogFile").body, "No such column 'Interval' on entity 'EventLogFile'")
	assert.Len(t, pageOf(t, query(t, org, "SELECT Id, LogFileLength FROM EventLogFile")).Records, 1)
}

func TestOtherObjects(t *testing.T) {
	org := start(t, Settings{})
	org.AddRecords("PushTopic", map[string]any{"Id": "0IF1", "Name": "ZendeskAccount", "IsActive": true})
	p := pageOf(t, query(t, org, "SELECT Id, Name FROM PushTopic WHERE IsActive = true"))
	assert.Equal(t, "ZendeskAccount", p.Records[0]["Name"])
}

func TestAFileThatIsReplacedAndOneThatIsGone(t *testing.T) {
	org := start(t, Settings{})
	id := org.AddLogFile(LogFile{EventType: "Login", CreatedDate: hour, Content: []byte("old")})
	address := org.URL + "/services/data/v67.0/sobjects/EventLogFile/" + id + "/LogFile"
	require.True(t, org.ReplaceLogFile(id, []byte("new"), hour.Add(time.Hour)))
	assert.False(t, org.ReplaceLogFile("other", nil, hour))
	p := pageOf(t, query(t, org, "SELECT Id, CreatedDate FROM EventLogFile"))
	assert.Equal(t, id, p.Records[0]["Id"])
	assert.Equal(t, "2026-11-26T11:00:00.000+0000", p.Records[0]["CreatedDate"])
	assert.Equal(t, "new", get(t, address, org.Token()).body)
	org.RemoveLogFile(id)
	assert.Equal(t, http.StatusNotFound, get(t, address, org.Token()).status)
	gone := org.AddLogFile(LogFile{Gone: true})
	got := get(t, org.URL+"/services/data/v67.0/sobjects/EventLogFile/"+gone+"/LogFile", org.Token())
	assert.Equal(t, http.StatusNotFound, got.status)
	assert.JSONEq(t, `[{"message":"The requested resource does not exist","errorCode":"NOT_FOUND"}]`, got.body)
}

func TestALargeFileCompressed(t *testing.T) {
	org := start(t, Settings{})
	write := Lines(RestAPIColumns, 2000, func(i int) Line { return org.RestCall(i, hour, 400, "a \"quoted\"\nmessage") })
	id := org.AddLogFile(LogFile{EventType: "RestApi", Write: write, Length: 1 << 20})
	request, err := http.NewRequest(http.MethodGet, org.URL+"/services/data/v67.0/sobjects/EventLogFile/"+id+"/LogFile", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+org.Token())
	request.Header.Set("Accept-Encoding", "gzip")
	got, err := send(t, request)
	require.NoError(t, err)
	require.Equal(t, "gzip", got.header.Get("Content-Encoding"))
	body, err := gzip.NewReader(strings.NewReader(got.body))
	require.NoError(t, err)
	lines, err := csv.NewReader(body).ReadAll()
	require.NoError(t, err)
	assert.Len(t, lines, 2001)
	assert.Equal(t, RestAPIColumns, lines[0])
	assert.Contains(t, lines[2000], "a \"quoted\"\nmessage")
	assert.Contains(t, query(t, org, "SELECT LogFileLength FROM EventLogFile").body, `"LogFileLength":1048576.0`)
}

func TestADownloadThatBreaks(t *testing.T) {
	org := start(t, Settings{})
	id := org.AddLogFile(LogFile{Write: func(w io.Writer) error {
		_, _ = io.WriteString(w, strings.Repeat("x", 1<<16))
		return errors.New("broken")
	}})
	request, err := http.NewRequest(http.MethodGet, org.URL+"/services/data/v67.0/sobjects/EventLogFile/"+id+"/LogFile", http.NoBody)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+org.Token())
	request.Header.Set("Accept-Encoding", "identity")
	_, err = send(t, request)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestFaults(t *testing.T) {
	org := start(t, Settings{})
	for name, test := range map[string]struct {
		fault  endpoint.Answer
		status int
		body   string
	}{
		"limit":       {LimitExceeded, 403, "REQUEST_LIMIT_EXCEEDED"},
		"permission":  {NotPermitted, 400, "INVALID_TYPE"},
		"no api":      {APIDisabled, 403, "API_DISABLED_FOR_ORG"},
		"unavailable": {ServerUnavailable, 503, "SERVER_UNAVAILABLE"},
		"maintenance": {Maintenance, 200, "<!DOCTYPE html>"},
		"gone":        {Gone, 404, "NOT_FOUND"},
	} {
		t.Run(name, func(t *testing.T) {
			org.Inject(endpoint.Fault{Path: Queries, Times: 1, Answer: test.fault})
			got := query(t, org, "SELECT Id FROM EventLogFile")
			assert.Equal(t, test.status, got.status)
			assert.Contains(t, got.body, test.body)
			assert.Equal(t, http.StatusOK, query(t, org, "SELECT Id FROM EventLogFile").status)
		})
	}
}

func TestSamples(t *testing.T) {
	org := start(t, Settings{})
	user := org.Settings().UserID
	for n := range 3 {
		for entity, change := range map[string]func() ([]byte, error){
			"Case":    func() ([]byte, error) { return org.PubSub.Publish("Case", CaseOfTicket(n, hour, user)) },
			"Account": func() ([]byte, error) { return org.PubSub.Publish("Account", ChangedAccount(n, hour, user)) },
			"Contact": func() ([]byte, error) { return org.PubSub.Publish("Contact", ChangedContact(n, hour, user)) },
			"Lead":    func() ([]byte, error) { return org.PubSub.Publish("Lead", ChangedLead(n, hour, user)) },
		} {
			_, err := change()
			require.NoError(t, err, entity)
		}
	}
	line := org.APICall(1, hour, 201)
	for column := range line {
		assert.Contains(t, APITotalUsageColumns, column)
	}
	assert.Equal(t, "20261126100000.000", line["TIMESTAMP"])
	for column := range org.RestCall(1, hour, 400, "x") {
		assert.Contains(t, RestAPIColumns, column)
	}
	assert.Equal(t, "S", org.RestCall(1, hour, 200, "")["REQUEST_STATUS"])
	text, err := json.Marshal(float(0.5))
	require.NoError(t, err)
	assert.Equal(t, "0.5", string(text))
}
