// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokirun // import "github.com/integrationlog/integrationlog/cmd/integrationlog/embeddedlokiextension/internal/lokirun"

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	utillog "github.com/grafana/loki/v3/pkg/util/log"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// zapLogger writes what Loki logs to the collector's log.
type zapLogger struct {
	zap *zap.Logger
	// stopping is closed when Loki is asked to stop.
	stopping <-chan struct{}
}

var _ log.Logger = (*zapLogger)(nil)

// newLogger drops what is below Loki's own server.log_level; the collector's
// level applies to the rest.
func newLogger(to *zap.Logger, allow level.Option, stopping <-chan struct{}) log.Logger {
	// The place is always this adapter, and so would be the top of each stack.
	to = to.WithOptions(zap.WithCaller(false), zap.AddStacktrace(zapcore.FatalLevel))
	return level.NewFilter(&zapLogger{zap: to, stopping: stopping}, allow)
}

// Log implements log.Logger.
func (l *zapLogger) Log(keyvals ...any) error {
	at := zapcore.InfoLevel
	message := ""
	fields := make([]zap.Field, 0, len(keyvals)/2)
	for i := 0; i+1 < len(keyvals); i += 2 {
		key, value := fmt.Sprint(keyvals[i]), keyvals[i+1]
		switch {
		case key == "level":
			at = zapLevel(value)
		case key == "msg":
			message = fmt.Sprint(value)
		case key == "ts" || key == "caller":
			// The collector's log has a time of its own.
		default:
			fields = append(fields, zapField(key, value))
		}
	}
	if l.isHarmless(at, message, fields) {
		at = zapcore.DebugLevel
	}
	if entry := l.zap.Check(at, message); entry != nil {
		entry.Write(fields...)
	}
	return nil
}

// isHarmless tells of what Loki warns of, or takes for an error, in its ordinary work.
func (l *zapLogger) isHarmless(at zapcore.Level, message string, fields []zap.Field) bool {
	switch at {
	case zapcore.WarnLevel:
		return isCancelled(fields) || strings.HasPrefix(message, noOverlap)
	case zapcore.ErrorLevel:
		return isCancelled(fields) && (l.isStopping() || message == calledOff) || message == notNoted
	default:
		return false
	}
}

const (
	// noOverlap begins what is logged of each part of a query in whose time the store has no
	// index yet.
	noOverlap = "could not determine query overlaps on tsdb vs non-tsdb schemas"
	// calledOff is what is logged by whoever answers a query that was called off.
	calledOff = "error processing requests from scheduler"
	// notNoted follows it: who is to note that the query is done has forgotten it.
	notNoted = "error notifying scheduler about finished query"
)

// isStopping tells whether Loki was asked to stop: then each of its parts hangs up on the
// others, which is an error to them.
func (l *zapLogger) isStopping() bool {
	select {
	case <-l.stopping:
		return true
	default:
		return false
	}
}

// isCancelled tells of an error that whoever asked brought about by asking no more. Loki
// warns of each, with the query, in which somebody may have searched for a person.
func isCancelled(fields []zap.Field) bool {
	return slices.ContainsFunc(fields, func(f zap.Field) bool {
		return f.Key == "err" && strings.Contains(f.String, context.Canceled.Error())
	})
}

func zapLevel(value any) zapcore.Level {
	switch value {
	case level.DebugValue():
		return zapcore.DebugLevel
	case level.WarnValue():
		return zapcore.WarnLevel
	case level.ErrorValue():
		return zapcore.ErrorLevel
	default:
		return zapcore.InfoLevel
	}
}

func zapField(key string, value any) zap.Field {
	switch v := value.(type) {
	case error:
		// As text: zap would add the stack that many of Loki's errors carry.
		return zap.String(key, v.Error())
	case fmt.Stringer:
		return zap.String(key, v.String())
	default:
		return zap.Any(key, v)
	}
}

// Loki's logger is one variable for the process, which its packages read at any
// time, also while another Loki starts. So it is set once, to a logger whose
// target can be changed safely.
var (
	processLogger     switchLogger
	processLoggerOnce sync.Once
)

type switchLogger struct {
	target atomic.Pointer[log.Logger]
}

// Log implements log.Logger. Without a target it drops the line.
func (l *switchLogger) Log(keyvals ...any) error {
	if target := l.target.Load(); target != nil {
		return (*target).Log(keyvals...)
	}
	return nil
}

func useLogger(target log.Logger) {
	processLogger.target.Store(&target)
	processLoggerOnce.Do(func() { utillog.Logger = &processLogger })
}

func dropLogger() {
	processLogger.target.Store(nil)
}
