// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"bytes"
	"context"
	"net/http"
	"strconv"

	"go.uber.org/zap"
)

// response is what a page answers with: a template with its data, or a redirect.
type response struct {
	status   int
	template string
	data     any
	redirect string
}

func show(template string, data any) response {
	return response{status: http.StatusOK, template: template, data: data}
}

// answer writes a page. It is made as a whole first: what fails half-way would leave a
// viewer with half a page and no word.
func (p *page) answer(w http.ResponseWriter, r *http.Request, makeResponse func(*visit) response) {
	ctx, cancel := context.WithTimeout(r.Context(), p.Timeout)
	defer cancel()
	res := makeResponse(p.visit(ctx, r))
	w.Header().Add("Vary", "Accept-Language, Cookie")
	if res.redirect != "" {
		w.Header().Set("Location", res.redirect) // http.Redirect would make it absolute
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	var body bytes.Buffer
	if err := templates.ExecuteTemplate(&body, res.template, res.data); err != nil {
		p.Logger.Error("the log page has a fault", zap.String("template", res.template), zap.Error(err))
		http.Error(w, "The page has a fault; the collector's own log has the reason.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(res.status)
	_, _ = w.Write(body.Bytes()) // whoever went away needs no answer
}
