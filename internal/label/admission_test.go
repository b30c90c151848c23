// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package label

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAdmissionIsBoundedInConcurrentUse(t *testing.T) {
	const limit = 3
	a := NewAdmission(limit)
	var admitted atomic.Int64
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range 100 {
		group.Go(func() {
			<-start
			if _, ok := a.Product(Resource{}, fmt.Sprint("p", i)); ok {
				admitted.Add(1)
			}
		})
	}
	close(start)
	group.Wait()
	require.Equal(t, int64(limit), admitted.Load())
}
