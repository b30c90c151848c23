// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package refusal

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/consumer/consumererror"
)

func TestIsFinal(t *testing.T) {
	transient := errors.New("the queue is full")
	final := consumererror.NewPermanent(errors.New("malformed"))
	for _, err := range []error{
		final, fmt.Errorf("wrapped: %w", final), errors.Join(final, final), fmt.Errorf("wrapped: %w", errors.Join(final)),
		consumererror.NewPermanent(errors.Join(transient, transient)),
	} {
		assert.True(t, IsFinal(err), err)
	}
	for _, err := range []error{
		transient, errors.Join(final, transient), errors.Join(transient, final), fmt.Errorf("wrapped: %w", errors.Join(final, transient)),
		errors.Join(final, errors.Join(final, transient)),
	} {
		assert.False(t, IsFinal(err), err)
	}
}
