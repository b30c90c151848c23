// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/integrationlog/integrationlog/internal/seal"
	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/pubsub"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/stream"
)

const (
	tokenPath    = "/services/oauth2/token"
	caseTopic    = "/data/CaseChangeEvent"
	accountTopic = "/data/AccountChangeEvent"
	leadTopic    = "/data/LeadChangeEvent"
)

// Vendors that do not answer neither hold up the start nor the end.
func TestSilentSalesforce(t *testing.T) {
	w := newWorld(t, withZendesk)
	remove := w.org.Inject(endpoint.Fault{Times: endpoint.Always, Answer: endpoint.Slow(time.Hour)})
	defer remove()
	w.start()
	w.shutdown()
	w.shutdown()
	assert.Zero(t, w.store.Open(), "the storage is closed")
}

func TestStartErrors(t *testing.T) {
	w := newWorld(t)
	err := w.salesforceReceiver.Start(t.Context(), componenttest.NewNopHost())
	require.ErrorContains(t, err, `storage: "file_storage/state" is no storage extension of this collector`)

	key := filepath.Join(t.TempDir(), "key.pem")
	w = newWorld(t, func(w *world) {
		w.config.ClientSecret, w.config.Username, w.config.PrivateKeyFile = "", "a@b.example", key
	})
	require.ErrorContains(t, w.salesforceReceiver.Start(t.Context(), w.host()), "private_key_file: open "+key)
	require.NoError(t, os.WriteFile(key, []byte("no key"), 0o600))
	require.ErrorContains(t, w.salesforceReceiver.Start(t.Context(), w.host()), "private_key_file: "+key+": the private key is no PEM file")

	w = newWorld(t, func(w *world) { w.config.TLS.CAFile = filepath.Join("testdata", "missing.crt") })
	require.ErrorContains(t, w.salesforceReceiver.Start(t.Context(), w.host()), "tls: ")
	w = newWorld(t, withZendesk, func(w *world) { w.config.Confirmation.Zendesk.TLS.CAFile = filepath.Join("testdata", "missing.crt") })
	require.ErrorContains(t, w.salesforceReceiver.Start(t.Context(), w.host()), "confirmation::zendesk::tls: ")
	assert.Empty(t, w.account.Requests(""))
	assert.Empty(t, w.org.Requests(""), "nothing is sent")
}

// A user's key does as well as a secret.
func TestKey(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	org, err := salesforce.Start(salesforce.Settings{PublicKey: &key.PublicKey})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, org.Close()) })
	file := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), 0o600))
	w := newWorld(t, func(w *world) {
		w.config.LoginURL, w.config.ClientID, w.config.ClientSecret = org.URL, org.Settings().ClientID, ""
		w.config.Username, w.config.PrivateKeyFile = org.Settings().Username, file
	})
	connection, err := connect(t.Context(), w.config, "test")
	require.NoError(t, err)
	defer connection.close()
	account, err := connection.tokens.account(t.Context())
	require.NoError(t, err)
	assert.Equal(t, org.Settings().OrganizationID, account)
}

// TestWrongCredential: all sources are told, and one request is all that is sent.
func TestWrongCredential(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.ClientSecret = "wrong-secret" })
	w.start()
	require.Eventually(t, func() bool { return len(w.reported()) > 0 }, patience, tick)
	require.Never(t, func() bool { return len(w.org.Requests(tokenPath)) > 1 }, 500*time.Millisecond, 10*tick)
	assert.Empty(t, w.org.Requests(salesforce.Data))
	assert.Empty(t, w.org.PubSub.Calls(pubsub.GetTopic))
	assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, w.reported())
	assert.Contains(t, w.lastError(), "invalid_client (invalid client credentials): check client_secret")
	for _, entry := range w.logs.All() {
		assert.NotContains(t, entry.Message, "wrong-secret")
		for _, value := range entry.ContextMap() {
			assert.NotContains(t, value, "wrong-secret")
		}
	}
}

// TestTokenForAnotherHost: Salesforce names a host with the token. Nothing is sent there
// that nobody has configured, and nothing to the configured one either.
func TestTokenForAnotherHost(t *testing.T) {
	elsewhere, err := endpoint.Elsewhere()
	require.NoError(t, err)
	defer func() { require.NoError(t, elsewhere.Close()) }()
	w := newWorld(t)
	w.org.Inject(endpoint.Fault{Path: tokenPath, Times: endpoint.Always, Answer: endpoint.Status(http.StatusOK, "application/json",
		`{"access_token":"x","token_type":"Bearer","instance_url":"`+elsewhere.URL+`","id":"https://login.salesforce.com/id/`+w.org.Settings().OrganizationID+`/x"}`)})
	w.start()
	require.Eventually(t, func() bool { return len(w.reported()) > 0 }, patience, tick)
	assert.Contains(t, w.lastError(), "salesforce's token is for "+elsewhere.URL+", and not for "+w.org.URL)
	assert.Contains(t, w.lastError(), "set login_url")
	w.shutdown()
	assert.Empty(t, elsewhere.Requests(""))
	assert.Empty(t, w.org.Requests(salesforce.Data))
	assert.Empty(t, w.org.PubSub.Calls(pubsub.GetTopic))
}

func TestTokenForAnotherOrganization(t *testing.T) {
	w := newWorld(t, func(w *world) { w.config.OrganizationID = "00DKj00000000zz" })
	w.start()
	require.Eventually(t, func() bool { return len(w.reported()) > 0 }, patience, tick)
	assert.Contains(t, w.lastError(), "correct or remove that setting")
}

// TestOneSourceFails: each source goes on without the others.
func TestOneSourceFails(t *testing.T) {
	hour := noon.Add(-9 * time.Hour)
	failures := map[string]struct {
		fail    func(w *world)
		records int
		says    string
	}{
		"files": {
			fail: func(w *world) {
				w.org.Inject(endpoint.Fault{Path: salesforce.Queries, Times: endpoint.Always, Answer: salesforce.NotPermitted})
			},
			records: 2, says: "event_log_files: ",
		},
		"a topic": {
			fail:    func(w *world) { w.org.PubSub.Forbid(accountTopic, true) },
			records: 2, says: accountTopic + ": can_subscribe is false",
		},
		"all topics": {
			fail:    func(w *world) { w.org.PubSub.FailNext(pubsub.GetTopic, 100, pubsub.TopicNotFound) },
			records: 1, says: "topic.not.found",
		},
	}
	for name, given := range failures {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			given.fail(w)
			w.publish("Account", 1, changeevent.Change{})
			w.publish("Case", 1, changeevent.Change{})
			w.hourly("RestApi", hour, salesforce.RestAPIColumns, w.org.RestCall(1, hour, 400, "X: y"))
			w.start()
			w.eventually(given.records)
			require.Eventually(t, func() bool { return len(w.reported()) > 0 }, patience, tick)
			assert.Equal(t, []componentstatus.Status{componentstatus.StatusRecoverableError}, w.reported())
			assert.Contains(t, w.lastError(), given.says)
			w.shutdown()
			w.once(given.records)
		})
	}
}

// TestRecovery: the status is well again when all sources are.
func TestRecovery(t *testing.T) {
	w := newWorld(t, only(caseTopic, leadTopic))
	w.org.PubSub.FailNext(pubsub.Subscribe, 2, pubsub.Unavailable)
	w.start()
	w.publish("Case", 1, changeevent.Change{})
	w.publish("Lead", 1, changeevent.Change{})
	w.eventually(2)
	require.Eventually(t, func() bool {
		return slices.Equal(w.reported(), []componentstatus.Status{componentstatus.StatusRecoverableError, componentstatus.StatusOK})
	}, patience, tick, "%v", w.reported())
}

// TestUnknownPosition: a topic of which the position cannot be understood is not read from
// its beginning; the others are.
func TestUnknownPosition(t *testing.T) {
	unknown := seal.Seal([]byte("unknown"))
	w := newWorld(t, only(caseTopic, leadTopic))
	w.store.Put(stream.PositionKey(caseTopic), unknown)
	w.publish("Case", 1, changeevent.Change{})
	w.publish("Lead", 1, changeevent.Change{})
	w.start()
	w.eventually(1)
	require.Eventually(t, func() bool { return w.lastError() != "" }, patience, tick)
	assert.Contains(t, w.lastError(), "the checkpoint is none of this receiver's")
	w.shutdown()
	w.once(1)

	w = newWorld(t, only(caseTopic))
	w.store.Put(stream.PositionKey(caseTopic), unknown)
	w.byHand(func() {
		require.Eventually(t, func() bool { return w.capture.state(caseTopic) == streamBroken }, patience, tick)
		require.ErrorContains(t, w.capture.poll(t.Context()), "no topic can be read")
	})
}

// TestDamagedPosition: a topic of which a disk has changed the position is read as at the
// first start.
func TestDamagedPosition(t *testing.T) {
	w := newWorld(t, only(caseTopic, leadTopic))
	w.store.Put(stream.PositionKey(caseTopic), []byte("damaged"))
	w.publish("Case", 1, changeevent.Change{})
	w.publish("Lead", 1, changeevent.Change{})
	w.start()
	w.eventually(2)
	w.shutdown()
	w.once(2)
	assert.Equal(t, "damaged", string(w.store.Data()["damaged/"+stream.PositionKey(caseTopic)]))
}

// TestRestart: what was taken until a receiver ended is not read again, whatever the source.
func TestRestart(t *testing.T) {
	hour := noon.Add(-9 * time.Hour)
	w := newWorld(t)
	for i := range 100 {
		w.publish("Account", i, changeevent.Change{})
	}
	w.hourly("RestApi", hour, salesforce.RestAPIColumns, w.org.RestCall(1, hour, 400, "X: y"))
	w.start()
	w.eventually(101)
	w.shutdown()
	w.again()
	for i := range 100 {
		w.publish("Account", 100+i, changeevent.Change{})
	}
	w.hourly("RestApi", hour.Add(time.Hour), salesforce.RestAPIColumns, w.org.RestCall(2, hour.Add(time.Hour), 400, "X: y"))
	w.start()
	w.eventually(202)
	w.shutdown()
	w.once(202)
}

// TestKill: a process that ends after the pipeline took records, and before that was
// saved, reads them again. They have the same ids then, and all that the store sees of
// them is the same.
func TestKill(t *testing.T) {
	w := newWorld(t, withZendesk, only(accountTopic))
	w.publish("Account", 1, changeevent.Change{})
	w.byHand(func() {
		w.eventually(1)
		require.Eventually(t, func() bool {
			return bytes.Contains(w.store.Data()[stream.PositionKey(accountTopic)], []byte("replay_id"))
		}, patience, tick)
		w.store.FailWith(errors.New("the disk is full"))
		w.publish("Account", 2, changeevent.Change{})
		require.Never(t, func() bool { return w.sink.LogRecordCount() > 1 }, 100*time.Millisecond, tick, "what could not be remembered is not handed over")
	})
	w.store.FailWith(nil)

	killed := make(chan struct{})
	var once sync.Once
	var err error
	w.next, err = consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		once.Do(func() {
			w.store.FailWith(errors.New("the process is gone"))
			close(killed)
		})
		return w.sink.ConsumeLogs(ctx, logs)
	})
	require.NoError(t, err)
	w.again()
	w.byHand(func() {
		<-killed
		w.eventually(2)
	})
	w.store.FailWith(nil)
	w.next = w.sink
	w.again()
	w.byHand(func() { w.eventually(3) })
	records := w.records()
	require.Len(t, records, 3)
	first, second := records[1], records[2]
	assert.Equal(t, first.Attributes().AsRaw(), second.Attributes().AsRaw())
	assert.Equal(t, first.Timestamp(), second.Timestamp())
	assert.Equal(t, first.Body().AsRaw(), second.Body().AsRaw())
	assert.Equal(t, 2, w.tracker.Pending(), "each awaited once")
}

// TestDamagedPending: where the list of awaited changes was set aside alone, their events
// are read again, so that each still gets its outcome.
func TestDamagedPending(t *testing.T) {
	w := newWorld(t, withZendesk, only(accountTopic))
	w.publish("Account", 1, changeevent.Change{})
	w.byHand(func() {
		w.eventually(1)
		require.Eventually(t, func() bool {
			return bytes.Contains(w.store.Data()[stream.PositionKey(accountTopic)], []byte("replay_id"))
		}, patience, tick)
		require.Equal(t, 1, w.tracker.Pending())
	})
	w.store.Put("confirmations/pending", []byte("damaged"))
	for range 2 { // once, and not at each start
		w.again()
		w.byHand(func() { w.eventually(2) })
		assert.Contains(t, string(w.store.Data()["confirmations/pending"]), `"e":"Account"`)
	}
	records := w.records()
	require.Len(t, records, 2)
	assert.Equal(t, records[0].Attributes().AsRaw(), records[1].Attributes().AsRaw(), "by which Loki's look-up knows it")
	assert.Equal(t, records[0].Timestamp(), records[1].Timestamp())
}
