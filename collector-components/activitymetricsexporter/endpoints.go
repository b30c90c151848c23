// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package activitymetricsexporter // import "github.com/integrationlog/integrationlog/collector-components/activitymetricsexporter"

import (
	"fmt"
	"sync"

	"go.opentelemetry.io/collector/component"
)

// endpoints knows which exporter of this process serves where, so that an address that is
// in use can be explained.
type endpoints struct {
	mu    sync.Mutex
	taken map[string]component.ID
}

func newEndpoints() *endpoints { return &endpoints{taken: map[string]component.ID{}} }

func (e *endpoints) take(endpoint string, id component.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.taken[endpoint] = id
}

func (e *endpoints) release(endpoint string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.taken, endpoint)
}

// explain says what is wrong where nothing can be served at an endpoint.
func (e *endpoints) explain(endpoint string, err error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if holder, ok := e.taken[endpoint]; ok {
		return fmt.Errorf("endpoint %s is that of the exporter %s already: give each its own endpoint: %w", endpoint, holder, err)
	}
	return fmt.Errorf("endpoint %s cannot be opened: set endpoint to a free address, or stop what has it: %w", endpoint, err)
}
