// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package products

import "io"

// Report is a writer that is silent until it is known where to write to.
type Report struct {
	To io.Writer
}

// Write implements io.Writer.
func (r *Report) Write(p []byte) (int, error) {
	if r.To == nil {
		return len(p), nil
	}
	return r.To.Write(p)
}
