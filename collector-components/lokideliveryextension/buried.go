// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokideliveryextension // import "github.com/integrationlog/integrationlog/collector-components/lokideliveryextension"

import "sync"

// buried remembers which dead-letter file was announced, so that the log names each file
// once and not each push.
type buried struct {
	mu   sync.Mutex
	file string
}

func (b *buried) isNew(file string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == file {
		return false
	}
	b.file = file
	return true
}
