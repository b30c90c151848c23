// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/soql"
)

// locator is the rest of an answer that did not fit one page.
type locator struct {
	total   int
	records []map[string]any
}

// AddRecords adds records of an object that queries find: what an administrator sees
// in PushTopic, or the fields of a Case.
func (o *Org) AddRecords(object string, records ...map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.objects[object] = append(o.objects[object], records...)
}

// query answers a query.
func (o *Org) query(w http.ResponseWriter, r *http.Request) {
	text := r.URL.Query().Get("q")
	records, err := o.run(text, r.PathValue("version"))
	var refused soql.Error
	switch {
	case errors.As(err, &refused):
		restError{refused.Message, refused.Code}.write(w, http.StatusBadRequest)
	case err != nil:
		restError{err.Error(), "UNKNOWN_EXCEPTION"}.write(w, http.StatusInternalServerError)
	default:
		o.page(w, r.PathValue("version"), "", &locator{len(records), records})
	}
}

// run finds the records.
func (o *Org) run(text, version string) ([]map[string]any, error) {
	q, err := soql.Parse(text)
	if err != nil {
		return nil, err
	}
	rows, columns, err := o.rows(q.From, version)
	if err != nil {
		return nil, err
	}
	for _, column := range q.Columns() {
		if !slices.ContainsFunc(columns, func(c string) bool { return strings.EqualFold(c, column) }) {
			return nil, noSuchColumn(text, column, q.From)
		}
	}
	if strings.EqualFold(q.From, "EventLogFile") && q.Filters("Id") {
		// Whoever asks by id gets daily and hourly files, whatever else he asks for.
		q.DropFilter("Interval")
	}
	found, err := q.Run(rows)
	if err != nil {
		return nil, err
	}
	records := make([]map[string]any, len(found))
	for i, row := range found {
		records[i] = record(q, row, version)
	}
	return records, nil
}

// rows returns all records of an object, and its columns.
func (o *Org) rows(object, version string) ([]soql.Row, []string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if strings.EqualFold(object, "EventLogFile") {
		return o.fileRows(version), o.fileColumns(), nil
	}
	records, ok := o.objects[object]
	if !ok {
		return nil, nil, soql.Error{Code: "INVALID_TYPE", Message: fmt.Sprintf("sObject type '%s' is not supported.", object)}
	}
	var rows []soql.Row
	var columns []string
	for _, record := range records {
		rows = append(rows, record)
		for name := range record {
			columns = append(columns, name)
		}
	}
	return rows, columns, nil
}

func noSuchColumn(text, column, object string) error {
	at := strings.Index(text, column)
	return soql.Error{Code: "INVALID_FIELD", Message: fmt.Sprintf("\n%s\n%s^\nERROR at Row:1:Column:%d\nNo such column '%s' on entity '%s'. "+
		"If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. "+
		"Please reference your WSDL or the describe call for the appropriate names.", text, strings.Repeat(" ", max(at, 0)), at+1, column, object)}
}

// record is a row as it is answered.
func record(q *soql.Query, row soql.Row, version string) map[string]any {
	answered := map[string]any{"attributes": map[string]string{
		"type": q.From, "url": fmt.Sprintf("/services/data/%s/sobjects/%s/%v", version, q.From, row.Value("Id")),
	}}
	for _, field := range q.Fields {
		value := row.Value(field)
		switch typed := value.(type) {
		case time.Time:
			// Not the form that a query takes.
			value = typed.UTC().Format("2006-01-02T15:04:05.000+0000")
		case float64:
			value = float(typed)
		}
		answered[field] = value
	}
	return answered
}

// float is a number that is always written with a decimal point.
type float float64

// MarshalJSON writes 12899.0 where Go would write 12899.
func (f float) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(f), 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return []byte(text), nil
}

// page answers with the first records, and keeps the rest for the next page.
func (o *Org) page(w http.ResponseWriter, version, id string, rest *locator) {
	records := rest.records[:min(len(rest.records), o.settings.PageSize)]
	answer := map[string]any{"totalSize": rest.total, "done": true, "records": records}
	if left := rest.records[len(records):]; len(left) > 0 {
		o.mu.Lock()
		if id == "" {
			o.ids++
			id = recordid.New("01g", o.ids)
		}
		next := fmt.Sprintf("%s-%d", id, rest.total-len(left))
		o.locators[next] = &locator{rest.total, left}
		o.mu.Unlock()
		answer["done"] = false
		answer["nextRecordsUrl"] = fmt.Sprintf("/services/data/%s/query/%s", version, next)
	}
	endpoint.JSON(w, http.StatusOK, answer)
}

// queryMore answers the next page of a query.
func (o *Org) queryMore(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("locator")
	o.mu.Lock()
	rest := o.locators[name]
	o.mu.Unlock()
	if rest == nil {
		restError{"invalid query locator", "INVALID_QUERY_LOCATOR"}.write(w, http.StatusBadRequest)
		return
	}
	id, _, _ := strings.Cut(name, "-")
	o.page(w, r.PathValue("version"), id, rest)
}

// ForgetLocators makes every nextRecordsUrl so far invalid, as two days do.
func (o *Org) ForgetLocators() {
	o.mu.Lock()
	defer o.mu.Unlock()
	clear(o.locators)
}
