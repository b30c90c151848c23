// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package eventlogfile // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/eventlogfile"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/callrow"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/logcsv"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
)

// errNoCSV means that something else came than a log file, such as the page that
// Salesforce shows people while it is being maintained. It passes.
var errNoCSV = errors.New("salesforce answered with a page and not with an event log file")

// readFile reads a file while it arrives, and delivers what belongs into the log.
func (p *Poller) readFile(ctx context.Context, account string, f *File) error {
	body, err := p.open(ctx, f)
	if err != nil {
		return err
	}
	defer body.Close()
	rows, err := logcsv.NewReader(body, string(f.Type))
	if errors.Is(err, io.EOF) {
		return nil // an empty file: nothing happened
	}
	if err != nil {
		return failed(ctx, f, 0, err)
	}
	parser, err := callrow.NewParser(f.Type, rows.Header(), p.settings.Users)
	if err != nil {
		return failed(ctx, f, 0, err)
	}
	r, err := p.newReading(ctx, account, f, rows)
	if err != nil {
		return err
	}
	return r.run(ctx, parser)
}

func (p *Poller) open(ctx context.Context, f *File) (io.ReadCloser, error) {
	response, err := p.settings.API.Do(ctx, apiclient.Request{
		Path:   "/services/data/" + p.settings.Version + "/sobjects/EventLogFile/" + f.ID + "/LogFile",
		Header: http.Header{"Accept": {"text/csv, */*;q=0.5"}},
	})
	if _, answered := errors.AsType[*apiclient.StatusError](err); answered {
		return nil, failed(ctx, f, 0, soql.Classify(err))
	}
	if err != nil {
		return nil, err // there is no connection, or no token
	}
	if kind, _, err := mime.ParseMediaType(response.Header.Get("Content-Type")); err == nil && strings.HasSuffix(kind, "html") {
		return nil, errors.Join(errNoCSV, response.Body.Close())
	}
	return response.Body, nil
}

// failed tells whom an error concerns that came after so many rows: this file alone, for
// good or for now, or all.
func failed(ctx context.Context, f *File, rows int, err error) error {
	status, answered := errors.AsType[*apiclient.StatusError](err)
	switch {
	case soql.IsGone(err), errors.Is(err, callrow.ErrColumns), errors.Is(err, logcsv.ErrHeader), errors.Is(err, logcsv.ErrCutOff):
		return &unreadableError{file: *f, rows: rows, err: err}
	case ctx.Err() != nil, answered && concernsAll(status.Code):
		return fmt.Errorf("event log file %s: %w", f.ID, err)
	default:
		return &unreadableError{file: *f, rows: rows, err: err, passing: true}
	}
}

// concernsAll tells of a status code that other files would be answered with, too.
func concernsAll(code int) bool {
	switch code {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return true
	default:
		return false
	}
}
