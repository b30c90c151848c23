// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package sources

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/pipeline"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"
	"github.com/integrationlog/integrationlog/internal/activity"
)

func tell(s *Sources, id string, kind component.Kind, event *componentstatus.Event) {
	var parsed component.ID
	if err := parsed.UnmarshalText([]byte(id)); err != nil {
		panic(err)
	}
	s.ComponentStatusChanged(componentstatus.NewInstanceID(parsed, kind, pipeline.NewID(pipeline.SignalLogs)), event)
}

func of(t *testing.T, s *Sources, product activity.Product) page.Component {
	t.Helper()
	var found []page.Component
	for _, c := range s.Components(t.Context()) {
		if c.Product == string(product) {
			found = append(found, c)
		}
	}
	require.Len(t, found, 1)
	return found[0]
}

func TestEveryProductIsThereOnce(t *testing.T) {
	var products []string
	for _, c := range New(nil).Components(t.Context()) {
		assert.False(t, c.On)
		products = append(products, c.Product)
	}
	var want []string
	for _, product := range activity.Products() {
		want = append(want, string(product))
	}
	assert.ElementsMatch(t, want, products)
}

func TestAReceiverDoesAsItSays(t *testing.T) {
	broken := errors.New("the token was revoked")
	for name, tt := range map[string]struct {
		id     string
		event  *componentstatus.Event
		want   page.Condition
		reason string
	}{
		"starting":           {"shopify", componentstatus.NewEvent(componentstatus.StatusStarting), page.Starting, ""},
		"waits to be called": {"shopify", componentstatus.NewEvent(componentstatus.StatusOK), page.Listening, ""},
		"fetches":            {"salesforce/eu", componentstatus.NewEvent(componentstatus.StatusOK), page.Connected, ""},
		"may recover":        {"zendesk_webhooks", componentstatus.NewRecoverableErrorEvent(broken), page.Recoverable, broken.Error()},
		"will not recover":   {"salesforce", componentstatus.NewPermanentErrorEvent(broken), page.Failed, broken.Error()},
		"fatal":              {"zis", componentstatus.NewFatalErrorEvent(broken), page.Failed, broken.Error()},
		"stopping":           {"zis", componentstatus.NewEvent(componentstatus.StatusStopping), page.Stopped, ""},
		"stopped":            {"zis", componentstatus.NewEvent(componentstatus.StatusStopped), page.Stopped, ""},
		"says nothing":       {"zis", componentstatus.NewEvent(componentstatus.StatusNone), page.Unknown, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(nil)
			tell(s, tt.id, component.KindReceiver, tt.event)
			kind, _, _ := strings.Cut(tt.id, "/")
			got := of(t, s, receivers[component.MustNewType(kind)].product)
			assert.True(t, got.On)
			assert.Equal(t, tt.want, got.Condition)
			assert.Equal(t, tt.reason, got.Reason)
			assert.Equal(t, tt.event.Timestamp(), got.Since)
		})
	}
}

func TestOfSeveralReceiversTheWorstCounts(t *testing.T) {
	s := New(nil)
	tell(s, "salesforce/a", component.KindReceiver, componentstatus.NewEvent(componentstatus.StatusOK))
	tell(s, "salesforce/b", component.KindReceiver, componentstatus.NewRecoverableErrorEvent(errors.New("b")))
	tell(s, "salesforce/c", component.KindReceiver, componentstatus.NewEvent(componentstatus.StatusStarting))
	assert.Equal(t, "b", of(t, s, activity.Salesforce).Reason)
	tell(s, "salesforce/b", component.KindReceiver, componentstatus.NewEvent(componentstatus.StatusOK))
	tell(s, "salesforce/c", component.KindReceiver, componentstatus.NewEvent(componentstatus.StatusOK))
	assert.Equal(t, page.Connected, of(t, s, activity.Salesforce).Condition)
	assert.Empty(t, of(t, s, activity.Salesforce).Reason, "that is over")
}

func TestWhatRepeatsItselfIsSoSinceTheFirstTime(t *testing.T) {
	s := New(nil)
	first := componentstatus.NewRecoverableErrorEvent(errors.New("first"))
	tell(s, "salesforce", component.KindReceiver, first)
	require.Eventually(t, func() bool { return time.Since(first.Timestamp()) > 0 }, time.Second, time.Microsecond)
	tell(s, "salesforce", component.KindReceiver, componentstatus.NewRecoverableErrorEvent(errors.New("second")))
	got := of(t, s, activity.Salesforce)
	assert.Equal(t, first.Timestamp(), got.Since)
	assert.Equal(t, "second", got.Reason)
}

func TestOthersAreNoSources(t *testing.T) {
	s := New(nil)
	tell(s, "otlp", component.KindReceiver, componentstatus.NewEvent(componentstatus.StatusOK))
	tell(s, "shopify", component.KindExporter, componentstatus.NewEvent(componentstatus.StatusOK))
	assert.Len(t, s.Components(t.Context()), len(activity.Products()))
	assert.False(t, of(t, s, activity.Shopify).On)
}

func TestWhatIsOffSaysWhatWouldSwitchItOn(t *testing.T) {
	s := New(map[string][]string{"shopify": {"SHOPIFY_WEBHOOK_SECRET"}})
	assert.Equal(t, []string{"SHOPIFY_WEBHOOK_SECRET"}, of(t, s, activity.Shopify).Variables)
	tell(s, "shopify", component.KindReceiver, componentstatus.NewEvent(componentstatus.StatusOK))
	assert.Empty(t, of(t, s, activity.Shopify).Variables)
}

func TestAReasonIsBounded(t *testing.T) {
	s := New(nil)
	tell(s, "zis", component.KindReceiver, componentstatus.NewPermanentErrorEvent(errors.New(strings.Repeat("x", 10_000))))
	assert.LessOrEqual(t, len(of(t, s, activity.ZIS).Reason), maxReason)
}
