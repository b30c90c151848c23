// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	"context"
	"errors"
	"net/http"

	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/problem"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// retryAfter is when to ask again, in seconds.
const retryAfter = "5"

// fail answers where the log could not be read. Nothing of the answer was sent yet.
func (a *API) fail(w http.ResponseWriter, view state.View, err error) {
	var unavailable *activities.UnavailableError
	switch {
	case errors.Is(err, context.Canceled):
		// Nobody waits for it any more, or the program ends: no answer is not a good one.
		panic(http.ErrAbortHandler)
	case errors.Is(err, activities.ErrPosition):
		parameter := state.Older
		if view.Older == "" {
			parameter = state.Newer
		}
		problem.Write(w, http.StatusBadRequest, "This is no position: give one that an activity or an answer of this API had.", parameter)
	case errors.As(err, &unavailable):
		// The store's own words may name addresses: they are for the operator. They may also
		// quote what somebody searched for, which is for nobody.
		if view.Search == "" {
			a.logger.Warn("The log cannot be read", zap.Error(err))
		} else {
			a.logger.Warn("The log cannot be read", zap.String("reason", string(unavailable.Reason)))
		}
		english := messages.In("en")
		reason := "problem." + string(unavailable.Reason)
		w.Header().Set("Retry-After", retryAfter)
		problem.Write(w, unavailable.Reason.HTTPStatus(), english.T(reason)+" "+english.T(reason+"_cure"), "")
	default:
		a.logger.Error("A request failed", zap.Error(err))
		problem.Write(w, http.StatusInternalServerError, "Something went wrong here; the log of this program says what.", "")
	}
}
