// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package webhooktest // import "github.com/integrationlog/integrationlog/internal/webhook/webhooktest"

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pipeline"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// contractCount is how many activities the collector's check sends in each of its
// scenarios.
const contractCount = 1000

// comeAgain are the codes for what may succeed later.
var comeAgain = []int{http.StatusServiceUnavailable, http.StatusFailedDependency}

// Activity is a request with one activity, and the id that its record has.
type Activity struct {
	Request Request
	ID      string
}

// CheckConsumeContract runs the collector's own check of receivers. newActivity makes
// the activity of a number. The vendor is simulated: it sends again what may succeed
// later, and takes every code of final for the end of it.
func CheckConsumeContract(t *testing.T, subject Subject, newActivity func(number string) Activity, final ...int) {
	t.Helper()
	subject.Shared.ServerConfig.NetAddr.Endpoint = FreeAddress(t)
	receivertest.CheckConsumeContract(receivertest.CheckConsumeContractParams{
		T:       t,
		Factory: checkedFactory(subject.Factory),
		Signal:  pipeline.SignalLogs,
		Config:  subject.Config,
		Generator: &generator{
			t: t, newActivity: newActivity, final: append(final, http.StatusOK),
			url: "http://" + subject.Shared.ServerConfig.NetAddr.Endpoint + subject.Shared.Path,
		},
		GenerateCount: contractCount,
	})
}

// checkedFactory is a receiver's factory, with an adapter before the checker's consumer.
func checkedFactory(factory receiver.Factory) receiver.Factory {
	create := func(ctx context.Context, settings receiver.Settings, config component.Config, next consumer.Logs) (receiver.Logs, error) {
		return factory.CreateLogs(ctx, settings, config, checked{next})
	}
	return receiver.NewFactory(factory.Type(), factory.CreateDefaultConfig, receiver.WithLogs(create, factory.LogsStability()))
}

// checked gives each record the id that the checker looks for.
//
// Webhooks that arrive while one hand-over is under way share the next one. If the
// pipeline refuses that for good, the intake tries its members one by one, so that
// none pays for a neighbour. The checker has no notion of this: it counts every id
// of a refused hand-over as dropped, and fails when it sees one again. So a shared
// hand-over is refused here already, for good, and the checker decides on each of
// its members alone: once if the decision is final, and again after each retry.
type checked struct {
	consumer.Logs
}

var errShared = consumererror.NewPermanent(errors.New("one by one, please"))

func (c checked) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if logs.LogRecordCount() > 1 {
		return errShared
	}
	attributes := Records(logs)[0].Attributes()
	id, _ := attributes.Get(activity.IDKey)
	attributes.PutStr(receivertest.UniqueIDAttrName, id.Str())
	return c.Logs.ConsumeLogs(ctx, logs)
}

// generator is the vendor.
type generator struct {
	t           *testing.T
	url         string
	newActivity func(number string) Activity
	final       []int
	client      *http.Client
	sent        atomic.Int64
}

var _ receivertest.Generator = (*generator)(nil)

func (g *generator) Start() {
	g.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 4}}
}

func (g *generator) Stop() {
	g.client.CloseIdleConnections()
}

// Generate delivers one activity, as often as it takes.
func (g *generator) Generate() []receivertest.UniqueIDAttrVal {
	a := g.newActivity(strconv.FormatInt(g.sent.Add(1), 10))
	for {
		code := g.post(a.Request)
		if slices.Contains(comeAgain, code) {
			continue
		}
		assert.Contains(g.t, g.final, code, "the vendor was answered with neither a code to come again nor a final one")
		return []receivertest.UniqueIDAttrVal{receivertest.UniqueIDAttrVal(a.ID)}
	}
}

func (g *generator) post(q Request) (code int) {
	request, err := http.NewRequestWithContext(g.t.Context(), http.MethodPost, g.url, bytes.NewReader(q.Body))
	if err != nil {
		g.t.Error(err)
		return 0
	}
	request.Header = q.Header
	response, err := g.client.Do(request)
	if err != nil {
		g.t.Error(err)
		return 0
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	assert.NoError(g.t, err)
	return response.StatusCode
}
