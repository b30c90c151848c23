// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pubsub

import (
	"context"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
	"github.com/integrationlog/integrationlog/internal/simulator/salesforce/changeevent"
)

// Settings are what a server may be told. Their zero values are what the real one does.
type Settings struct {
	// Address is where to listen; empty for a free port of the loopback interface.
	Address string
	// Authorize tells whether the metadata of a call may have what it asks for; nil
	// lets everybody in.
	Authorize func(accessToken, instanceURL, tenantID string) bool
	// TenantID is the organization's.
	TenantID string
	// Keepalive is after how much silence an empty answer is sent to who has credit
	// left. The documented maximum is 270 s; mostly it is one or two minutes.
	Keepalive time.Duration
	// CreditTimeout is how long a stream without credit stays open: 60 s.
	CreditTimeout time.Duration
	// MaxBatch is how many events one answer holds at most; 0 for no bound but the
	// credit.
	MaxBatch int
}

// Server is a running Pub/Sub API. Its methods may be called from any goroutine.
type Server struct {
	// Address is host and port; it speaks without TLS.
	Address string

	settings Settings
	bus      *bus
	switches switches
	calls    calls
	server   *grpc.Server
	serving  sync.WaitGroup
}

// Start listens, with the topics of the objects that are synchronised.
func Start(settings Settings) (*Server, error) {
	if settings.Address == "" {
		settings.Address = "127.0.0.1:0"
	}
	if settings.Keepalive == 0 {
		settings.Keepalive = time.Minute
	}
	if settings.CreditTimeout == 0 {
		settings.CreditTimeout = time.Minute
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", settings.Address)
	if err != nil {
		return nil, err
	}
	s := &Server{Address: listener.Addr().String(), settings: settings, bus: newBus(), server: grpc.NewServer(grpc.WaitForHandlers(true))}
	for _, schema := range []*changeevent.Schema{changeevent.Account, changeevent.Contact, changeevent.Lead, changeevent.Case} {
		s.UseSchema(schema)
	}
	s.switches.killed = make(chan struct{})
	pubsubapi.RegisterPubSubServer(s.server, &service{server: s})
	// Serve returns without an error when the server is stopped.
	s.serving.Go(func() { _ = s.server.Serve(listener) })
	return s, nil
}

// Close ends every stream, and waits until nothing runs any more.
func (s *Server) Close() {
	s.server.Stop()
	s.serving.Wait()
}

// UseSchema makes a schema that of its topic, from the next event on. A topic that is
// not there yet is created. Earlier schemas stay available.
func (s *Server) UseSchema(schema *changeevent.Schema) {
	s.bus.update(func() {
		s.bus.schemas[schema.ID] = schema
		if s.bus.topics[schema.Topic()] == nil {
			s.bus.topics[schema.Topic()] = &topic{}
		}
		s.bus.topics[schema.Topic()].schema = schema
	})
}

// AddChannel adds a custom channel, such as /data/Zendesk__chn, over topics.
func (s *Server) AddChannel(name string, topics ...string) {
	s.bus.update(func() { s.bus.topics[name] = &topic{members: topics} })
}

// Publish encodes a change with the current schema of the object's topic, puts it on
// the bus, and returns its replay id.
func (s *Server) Publish(entity string, change changeevent.Change) ([]byte, error) {
	name := "/data/" + changeevent.EventName(entity)
	s.bus.mu.Lock()
	t := s.bus.topic(name)
	s.bus.mu.Unlock()
	if t == nil {
		return nil, unknownTopicError(name)
	}
	payload, err := t.schema.Encode(change)
	if err != nil {
		return nil, err
	}
	return s.bus.publish(name, "", t.schema.ID, payload), nil
}

// PublishRaw puts an event on the bus as it is: to repeat an id, to name a schema that
// does not exist, or to send bytes that are no Avro. An empty id is replaced.
func (s *Server) PublishRaw(topicName, id, schemaID string, payload []byte) (replayID []byte) {
	return s.bus.publish(topicName, id, schemaID, payload)
}

type unknownTopicError string

func (e unknownTopicError) Error() string { return "no topic " + string(e) }
