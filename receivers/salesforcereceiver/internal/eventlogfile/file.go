// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"cmp"
	"errors"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
)

// Interval is the period that a file is about.
type Interval string

// The two intervals, in Salesforce's words.
const (
	Hourly Interval = "Hourly"
	Daily  Interval = "Daily"
)

// hours returns how many hours a file of the interval is about.
func (i Interval) hours() int {
	if i == Hourly {
		return 1
	}
	return 24
}

// File is one event log file.
type File struct {
	ID       string
	Type     callrow.Type
	Interval Interval
	// LogDate is the beginning of the period that the file is about.
	LogDate time.Time
	// Created is when the file was written; a file that is replaced has another then.
	Created time.Time
	// Sequence counts the hourly files of one hour from 1.
	Sequence float64
}

// source is what a file belongs to, as it is written in the checkpoint.
func (f *File) source() source { return source(string(f.Type) + "/" + string(f.Interval)) }

// daily is the source of the daily files of the same type.
func (f *File) daily() source { return source(string(f.Type) + "/" + string(Daily)) }

// hourly is the source of the hourly files of the same type.
func (f *File) hourly() source { return source(string(f.Type) + "/" + string(Hourly)) }

// covers tells whether a time belongs to the file's period.
func (f *File) covers(at time.Time) bool {
	return !at.Before(f.LogDate) && at.Before(f.LogDate.Add(time.Duration(f.Interval.hours())*time.Hour))
}

// stray is by how much a row's time may lie outside the file's period.
const stray = 24 * time.Hour

// hour returns the hour of a row. A time that cannot be right counts as that of the file.
func (f *File) hour(at time.Time) int64 {
	end := f.LogDate.Add(time.Duration(f.Interval.hours()) * time.Hour)
	if at.Before(f.LogDate.Add(-stray)) || at.After(end.Add(stray)) {
		at = f.LogDate
	}
	return hourOf(at)
}

// byCreation orders files as they were written.
func byCreation(a, b File) int {
	return cmp.Or(a.Created.Compare(b.Created), a.LogDate.Compare(b.LogDate), cmp.Compare(a.Sequence, b.Sequence), cmp.Compare(a.ID, b.ID))
}

// record is a file as a query answers it. Sequence comes as a number with a fraction.
type record struct {
	ID          string   `json:"Id"`
	EventType   string   `json:"EventType"`
	Interval    string   `json:"Interval"`
	LogDate     string   `json:"LogDate"`
	CreatedDate string   `json:"CreatedDate"`
	Sequence    *float64 `json:"Sequence"`
}

// errUndated means that it cannot be told which period a file is about.
var errUndated = errors.New("salesforce does not tell when the file was written, or what period it is about, in a form that is known")

// file returns the file, and whether the record tells of one that is to be read. Orgs
// without hourly files do not tell the interval.
func (r *record) file() (File, bool) {
	f := File{
		ID: r.ID, Type: typeOf(r.EventType), Interval: Interval(r.Interval),
		LogDate: soql.ParseTime(r.LogDate), Created: soql.ParseTime(r.CreatedDate),
	}
	if f.Interval == "" {
		f.Interval = Daily
	}
	if r.Sequence != nil {
		f.Sequence = *r.Sequence
	}
	_, isID := sfid.Parse(f.ID)
	known := rank[f.source()] > 0
	return f, isID && known
}

func (f *File) isDated() bool { return !f.LogDate.IsZero() && !f.Created.IsZero() }

// typeOf: SOQL does not tell capitals from small letters, and neither must this.
func typeOf(name string) callrow.Type {
	for _, known := range types {
		if strings.EqualFold(string(known), name) {
			return known
		}
	}
	return callrow.Type(name)
}
