// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package logpageextension // import "github.com/integrationlog/integrationlog/collector-components/logpageextension"

import (
	"fmt"
	"net/http"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"
)

// routes returns what answers: the page and the API, both from the same Loki. Stopping is
// closed when both are to end.
func (l *logPage) routes(stopping <-chan struct{}, client *http.Client) (http.Handler, error) {
	reader, err := loki.New(client, l.config.Loki.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("loki::endpoint: %w", err)
	}
	return l.answering(stopping, reader), nil
}

func (l *logPage) answering(stopping <-chan struct{}, reader activities.Reader) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(reader, l.set.Logger, time.Now))
	mux.Handle("/", page.New(reader, page.Settings{Components: l.sources, Links: l.linker(), Stopping: stopping, Logger: l.set.Logger}))
	return mux
}
