// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// stackError is an error that prints more in detail, as many of Loki's do.
type stackError struct{}

// Error implements error.
func (stackError) Error() string { return "broken" }

// Format implements fmt.Formatter.
func (stackError) Format(s fmt.State, _ rune) { fmt.Fprint(s, "broken\nmain.go:1") }

func TestLogger(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	logger := newLogger(zap.New(core), level.AllowDebug(), make(chan struct{}))

	tests := map[string]struct {
		log    log.Logger
		level  zapcore.Level
		values []any
		fields map[string]any
	}{
		"debug":      {log: level.Debug(logger), level: zapcore.DebugLevel},
		"info":       {log: level.Info(logger), level: zapcore.InfoLevel},
		"warn":       {log: level.Warn(logger), level: zapcore.WarnLevel},
		"error":      {log: level.Error(logger), level: zapcore.ErrorLevel},
		"none":       {log: logger, level: zapcore.InfoLevel},
		"fields":     {log: log.With(logger, "component", "ingester"), values: []any{"n", 3, "took", time.Second}, fields: map[string]any{"component": "ingester", "n": int64(3), "took": "1s"}},
		"no stack":   {log: logger, values: []any{"err", stackError{}}, fields: map[string]any{"err": "broken"}},
		"own time":   {log: log.With(logger, "ts", log.DefaultTimestampUTC, "caller", log.DefaultCaller)},
		"odd number": {log: logger, values: []any{"alone"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, test.log.Log(append([]any{"msg", "hello"}, test.values...)...))
			entries := logs.TakeAll()
			require.Len(t, entries, 1)
			assert.Equal(t, "hello", entries[0].Message)
			assert.Equal(t, test.level, entries[0].Level)
			assert.Len(t, entries[0].Context, len(test.fields))
			for key, value := range test.fields {
				assert.Equal(t, value, entries[0].ContextMap()[key])
			}
		})
	}
}

func TestLoggerDropsWhatLokiIsToldToDrop(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	logger := newLogger(zap.New(core), level.AllowWarn(), make(chan struct{}))
	require.NoError(t, level.Info(logger).Log("msg", "hello"))
	assert.Zero(t, logs.Len())
	require.NoError(t, level.Warn(logger).Log("msg", "hello"))
	assert.Equal(t, 1, logs.Len())
}

func TestLoggerWhileStopping(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	stopping := make(chan struct{})
	logger := newLogger(zap.New(core), level.AllowDebug(), stopping)
	cancelled := errors.New("rpc error: code = Canceled desc = context canceled")

	levels := func() (levels []zapcore.Level) {
		for _, err := range []error{cancelled, errors.New("no space left on device")} {
			require.NoError(t, level.Error(logger).Log("msg", "failed", "err", err))
		}
		for _, entry := range logs.TakeAll() {
			levels = append(levels, entry.Level)
		}
		return levels
	}
	assert.Equal(t, []zapcore.Level{zapcore.ErrorLevel, zapcore.ErrorLevel}, levels())
	close(stopping)
	assert.Equal(t, []zapcore.Level{zapcore.DebugLevel, zapcore.ErrorLevel}, levels())
}

func TestLoggerOfWhoAsksNoMore(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	logger := newLogger(zap.New(core), level.AllowDebug(), make(chan struct{}))
	for _, err := range []error{context.Canceled, errors.New("parse error")} {
		require.NoError(t, level.Warn(logger).Log("msg", "failed mapping AST", "err", err, "query", "{}"))
	}
	require.Equal(t, 2, logs.Len())
	assert.Equal(t, zapcore.DebugLevel, logs.All()[0].Level)
	assert.Equal(t, zapcore.WarnLevel, logs.All()[1].Level)

	for _, err := range []error{context.Canceled, errors.New("connection refused")} {
		require.NoError(t, level.Error(logger).Log("msg", "error processing requests from scheduler", "err", err))
	}
	require.Equal(t, 4, logs.Len())
	assert.Equal(t, zapcore.DebugLevel, logs.All()[2].Level)
	assert.Equal(t, zapcore.ErrorLevel, logs.All()[3].Level)
}

func TestProcessLogger(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	useLogger(newLogger(zap.New(core), level.AllowDebug(), make(chan struct{})))
	require.NoError(t, processLogger.Log("msg", "one"))
	dropLogger()
	require.NoError(t, processLogger.Log("msg", "two"))
	require.Equal(t, 1, logs.Len())
	assert.Equal(t, "one", logs.All()[0].Message)
}
