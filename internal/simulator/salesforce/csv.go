// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"bytes"
	"io"
	"strings"
	"time"
)

// Columns of the log files that matter here.
// https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_eventlogfile_supportedeventtypes.htm
var (
	// APITotalUsageColumns are of the file that every organization has.
	APITotalUsageColumns = []string{
		"EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "API_FAMILY", "API_VERSION", "API_RESOURCE", "CLIENT_NAME",
		"HTTP_METHOD", "CLIENT_IP", "COUNTS_AGAINST_API_LIMIT", "CONNECTED_APP_ID", "CONNECTED_APP_NAME", "ENTITY_NAME", "STATUS_CODE", "TIMESTAMP_DERIVED",
		"USER_NAME", "API_CLIENT_CATEGORY",
	}
	// RestAPIColumns are of a file that comes with Event Monitoring.
	RestAPIColumns = []string{
		"EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "RUN_TIME", "CPU_TIME", "URI", "SESSION_KEY", "LOGIN_KEY", "REQUEST_STATUS",
		"DB_TOTAL_TIME", "METHOD", "MEDIA_TYPE", "STATUS_CODE", "ROWS_PROCESSED", "NUMBER_FIELDS", "DB_BLOCKS", "DB_CPU_TIME", "REQUEST_SIZE",
		"RESPONSE_SIZE", "ENTITY_NAME", "EXCEPTION_MESSAGE", "CONNECTED_APP_ID", "CLIENT_NAME", "QUERY", "TIMESTAMP_DERIVED", "USER_ID_DERIVED", "CLIENT_IP",
	}
	// LoginColumns are of the file of sign-ins.
	LoginColumns = []string{
		"EVENT_TYPE", "TIMESTAMP", "REQUEST_ID", "ORGANIZATION_ID", "USER_ID", "RUN_TIME", "CPU_TIME", "URI", "SESSION_KEY", "LOGIN_KEY", "USER_TYPE",
		"REQUEST_STATUS", "BROWSER_TYPE", "API_TYPE", "API_VERSION", "USER_NAME", "TLS_PROTOCOL", "CIPHER_SUITE", "AUTHENTICATION_METHOD_REFERENCE",
		"TIMESTAMP_DERIVED", "USER_ID_DERIVED", "CLIENT_IP", "LOGIN_STATUS", "SOURCE_IP",
	}
)

// Line is one line of a log file, by column.
type Line map[string]string

// At sets the two columns that tell when.
func (l Line) At(at time.Time) Line {
	l["TIMESTAMP"] = at.UTC().Format("20060102150405.000")
	l["TIMESTAMP_DERIVED"] = at.UTC().Format("2006-01-02T15:04:05.000Z")
	return l
}

// CSV returns a file with these lines.
func CSV(columns []string, lines ...Line) []byte {
	var b bytes.Buffer
	w := csvWriter{&b, columns}
	// A buffer takes everything.
	_ = w.values(columns)
	for _, line := range lines {
		_ = w.write(line)
	}
	return b.Bytes()
}

// Lines returns what writes a file of n lines, one after the other: for LogFile.Write.
func Lines(columns []string, n int, line func(i int) Line) func(io.Writer) error {
	return func(to io.Writer) error {
		w := csvWriter{to, columns}
		if err := w.values(columns); err != nil {
			return err
		}
		for i := range n {
			if err := w.write(line(i)); err != nil {
				return err
			}
		}
		return nil
	}
}

// csvWriter writes a file line by line. Every value is in quotes, as Salesforce has it.
type csvWriter struct {
	to      io.Writer
	columns []string
}

// write writes a line. Columns that it does not have are empty.
func (w csvWriter) write(line Line) error {
	values := make([]string, len(w.columns))
	for i, column := range w.columns {
		values[i] = line[column]
	}
	return w.values(values)
}

func (w csvWriter) values(values []string) error {
	var b strings.Builder
	for i, value := range values {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('"')
		b.WriteString(strings.ReplaceAll(value, `"`, `""`))
		b.WriteByte('"')
	}
	b.WriteByte('\n')
	_, err := io.WriteString(w.to, b.String())
	return err
}
