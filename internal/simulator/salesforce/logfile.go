// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/recordid"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/soql"
)

// LogFile is one event log file.
type LogFile struct {
	// ID is given by AddLogFile, if it is empty.
	ID        string
	EventType string
	// Hourly files have a Sequence from 1 on; daily ones 0.
	Hourly   bool
	Sequence int
	// LogDate is the beginning of what it is about, CreatedDate when it was made: hours
	// later, or the next day; now, if it is zero.
	LogDate     time.Time
	CreatedDate time.Time
	// Content is the file. Write writes one that is too large to be held; Length then
	// tells how large.
	Content []byte
	Write   func(io.Writer) error
	Length  int
	// Gone lists it and answers 404 for its content.
	Gone bool
}

func (f *LogFile) length() int {
	if f.Write != nil {
		return f.Length
	}
	return len(f.Content)
}

func (f *LogFile) interval() string {
	if f.Hourly {
		return "Hourly"
	}
	return "Daily"
}

// AddLogFile adds a file, and returns its id.
func (o *Org) AddLogFile(file LogFile) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if file.ID == "" {
		o.ids++
		file.ID = recordid.New(recordid.LogFile, o.ids)
	}
	if file.CreatedDate.IsZero() {
		file.CreatedDate = o.settings.Now()
	}
	o.files = append(o.files, &file)
	return file.ID
}

// ReplaceLogFile gives a file other content and another CreatedDate, and the same id:
// so it is with daily files when late data comes. It tells whether there is one.
func (o *Org) ReplaceLogFile(id string, content []byte, created time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.files, func(f *LogFile) bool { return f.ID == id })
	if i < 0 {
		return false
	}
	// Downloads in progress go on with the old one.
	replaced := *o.files[i]
	replaced.Content, replaced.Write, replaced.CreatedDate = content, nil, created
	o.files[i] = &replaced
	return true
}

// RemoveLogFile removes a file, as the end of its retention does.
func (o *Org) RemoveLogFile(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.files = slices.DeleteFunc(o.files, func(f *LogFile) bool { return f.ID == id })
}

var columns = []string{
	"Id", "ApiVersion", "CreatedDate", "CreatedById", "EventType", "LogDate", "LogFile", "LogFileContentType", "LogFileFieldNames", "LogFileLength",
}

// fileColumns returns the columns of EventLogFile. It wants the lock.
func (o *Org) fileColumns() []string {
	if o.settings.NoHourlyFiles {
		return columns
	}
	return append([]string{"Interval", "Sequence"}, columns...)
}

// fileRows returns the files as rows. It wants the lock.
func (o *Org) fileRows(version string) []soql.Row {
	rows := make([]soql.Row, 0, len(o.files))
	for _, f := range o.files {
		names, _, _ := bytes.Cut(f.Content, []byte("\n"))
		rows = append(rows, soql.Row{
			"Id": f.ID, "ApiVersion": 67.0, "CreatedDate": f.CreatedDate, "CreatedById": o.settings.UserID, "EventType": f.EventType,
			"LogDate": f.LogDate, "LogFile": fmt.Sprintf("/services/data/%s/sobjects/EventLogFile/%s/LogFile", version, f.ID),
			"LogFileContentType": "text/csv", "LogFileFieldNames": strings.ReplaceAll(string(names), `"`, ""),
			"LogFileLength": float64(f.length()), "Interval": f.interval(), "Sequence": float64(f.Sequence),
		})
	}
	return rows
}

// logFile answers the content of a file, compressed for who can read that.
func (o *Org) logFile(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	i := slices.IndexFunc(o.files, func(f *LogFile) bool { return f.ID == r.PathValue("id") })
	var file *LogFile
	if i >= 0 {
		file = o.files[i]
	}
	o.mu.Unlock()
	if file == nil || file.Gone {
		notFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/csv")
	var body io.Writer = w
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		compressed := gzip.NewWriter(w)
		// The client is gone if it fails.
		defer func() { _ = compressed.Close() }()
		body = compressed
	}
	if file.Write == nil {
		_, _ = body.Write(file.Content)
		return
	}
	if err := file.Write(body); err != nil {
		panic(http.ErrAbortHandler)
	}
}
