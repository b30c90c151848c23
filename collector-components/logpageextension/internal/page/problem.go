// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"context"
	"errors"
	"net/http"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
)

// problem says why something cannot be shown, and what to do.
type problem struct {
	// Title is the key of a heading.
	Title, Text, Cure string
	status            int
}

// problemOf says what an error of the store means to the viewer. What the store itself says
// is for the operator: it may name addresses that are none of a viewer's business.
func (v *visit) problemOf(err error) *problem {
	reason := activities.Reason("internal")
	status := http.StatusInternalServerError
	var unavailable *activities.UnavailableError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, activities.ErrPosition):
		reason, status = "position", http.StatusBadRequest
	case errors.As(err, &unavailable):
		reason, status = unavailable.Reason, unavailable.Reason.HTTPStatus()
	case errors.Is(err, context.DeadlineExceeded):
		reason, status = activities.TooSlow, activities.TooSlow.HTTPStatus()
	case errors.Is(err, context.Canceled):
		reason, status = activities.Unreachable, activities.Unreachable.HTTPStatus()
	default:
		v.page.Logger.Error("the log page could not read the log", zap.Error(err))
	}
	return &problem{Title: "problem.title", Text: v.T("problem." + string(reason)), Cure: v.T("problem." + string(reason) + "_cure"), status: status}
}

// notFound answers what is no page.
func (*page) notFound(v *visit) response {
	v.Path = "./"
	return response{status: http.StatusNotFound, template: "notfound", data: v}
}

func statusOf(p *problem) int {
	if p == nil {
		return http.StatusOK
	}
	return p.status
}
