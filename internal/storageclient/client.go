// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package storageclient // import "github.com/integrationlog/integrationlog/internal/storageclient"

import (
	"context"
	"fmt"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/integrationlog/integrationlog/internal/seal"
	"github.com/integrationlog/integrationlog/internal/storagebatch"
	"github.com/integrationlog/integrationlog/internal/storageclient/internal/metadata"
)

// asidePrefix comes before the key of a value that was set aside. The next one of the same
// key takes its place, so that a failing disk does not fill up.
const asidePrefix = "damaged/"

// client seals what it stores, and looks at the seal of what it reads.
type client struct {
	storagebatch.Func

	inner      storage.Client
	logger     *zap.Logger
	telemetry  *metadata.TelemetryBuilder
	receiver   component.ID
	attributes metric.MeasurementOption
	aside      atomic.Int64
}

var _ storage.Client = (*client)(nil)

// Batch does all operations, or none where it fails. Only damaged values may have been set
// aside by then.
func (c *client) Batch(ctx context.Context, ops ...*storage.Operation) error {
	inner := make([]*storage.Operation, len(ops))
	for i, op := range ops {
		inner[i] = op
		if op.Type == storage.Set {
			inner[i] = storage.SetOperation(op.Key, seal.Seal(op.Value))
		}
	}
	if err := c.inner.Batch(ctx, inner...); err != nil {
		return err
	}
	var damaged []*storage.Operation
	for _, op := range ops {
		if op.Type != storage.Get || op.Value == nil {
			continue
		}
		payload, err := seal.Open(op.Value)
		if err != nil || !seal.IsSealed(op.Value) {
			damaged = append(damaged, op)
			continue
		}
		op.Value = payload
	}
	return c.setAside(ctx, damaged)
}

// setAside moves values out of the way, and lets those who asked for them find none.
func (c *client) setAside(ctx context.Context, damaged []*storage.Operation) error {
	if len(damaged) == 0 {
		return nil
	}
	moves := make([]*storage.Operation, 0, 2*len(damaged))
	for _, op := range damaged {
		moves = append(moves, storage.SetOperation(asidePrefix+op.Key, op.Value), storage.DeleteOperation(op.Key))
	}
	if err := c.inner.Batch(ctx, moves...); err != nil {
		return fmt.Errorf("%q is damaged, and cannot be set aside: %w", damaged[0].Key, err)
	}
	for _, op := range damaged {
		op.Value = nil
		// The collector's log leaves out messages that are equal to ten others, so this names what it is about.
		c.logger.Error(fmt.Sprintf("Value %q in the storage of %q is damaged and was set aside; the receiver goes on as if it had never been there. Check the disk",
			op.Key, c.receiver), zap.String("set_aside", asidePrefix+op.Key))
	}
	c.count(ctx, len(damaged))
	return nil
}

func (c *client) count(ctx context.Context, more int) {
	c.telemetry.StorageClientSetAsideValues.Record(ctx, c.aside.Add(int64(more)), c.attributes)
}

func (c *client) Close(ctx context.Context) error {
	c.telemetry.Shutdown()
	return c.inner.Close(ctx)
}
