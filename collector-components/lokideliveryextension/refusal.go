// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import (
	"sync"
	"time"
)

// refusal is for how long questions have been refused. An exporter may be allowed to
// write and not to read; but a proxy that is being restarted says the same.
type refusal struct {
	mu     sync.Mutex
	since  time.Time
	warned bool
}

// lasts notes that a question was refused, and tells whether that has gone on for
// patience. first is true once, when it does.
func (r *refusal) lasts(patience time.Duration) (lasting, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.since.IsZero() {
		r.since = now
	}
	lasting = now.Sub(r.since) >= patience
	first = lasting && !r.warned
	r.warned = r.warned || lasting
	return lasting, first
}

// over notes that a question was answered, or that pushes are refused just as questions
// are: then it is not about the questions.
func (r *refusal) over() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.since = time.Time{}
}
