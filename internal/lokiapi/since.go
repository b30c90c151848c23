// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi // import "github.com/integrationlog/integrationlog/internal/lokiapi"

import "time"

// Since returns with what start a query has all entries from a time on, both in nanoseconds
// since 1970. What comes from before has to be left out.
//
// Loki 3.7 finds chunks on disk by whole milliseconds, and takes one that ends with the start of
// the query for one that ends before it. Where Loki itself divides a query by the hour, it does
// so again; that is harmless where a stream ends with the hour (time_sharding_enabled).
func Since(start int64) int64 {
	if start > 0 && start%int64(time.Millisecond) == 0 {
		return start - 1
	}
	return start
}
