// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zissim // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// Options are what a flow finds around it.
type Options struct {
	// Client sends what actions send; its time limit is that of an action.
	Client *http.Client
	// Endpoints says where a host really is: "https://log.example.com" is sent to
	// "http://127.0.0.1:8700". What is not in it cannot be reached.
	Endpoints map[string]string
	// Connections are the Authorization headers of the connections, by name.
	Connections map[string]string
	// BuiltIns are the results of built-in actions other than jq, by the name of the
	// action.
	BuiltIns map[string]any
}

// Result is how a flow ended.
type Result struct {
	// Succeeded says whether ZIS would log information, and not an error.
	Succeeded bool
	// Message is what ZIS would log: of a failure it is the cause.
	Message string
	// Error is the name of the error that a Fail state gives.
	Error string
	// State is the state in which the flow ended.
	State string
	// RunAgain says whether ZIS would run the whole flow again: nothing caught a 429 or an
	// error of a server.
	RunAgain bool
	// States are all states that ran, in their order.
	States []string
	// Data is what the flow held in the end.
	Data any
}

// mostStates ends flows that go in circles.
const mostStates = 1000

type bundle struct {
	Resources map[string]struct {
		Type       string `json:"type"`
		Properties struct {
			Name       string          `json:"name"`
			Definition json.RawMessage `json:"definition"`
		} `json:"properties"`
	} `json:"resources"`
}

type machine struct {
	StartAt string           `json:"StartAt"`
	States  map[string]state `json:"States"`
}

type runner struct {
	options Options
	actions map[string]action
	ran     []string
}

// Run runs a flow of a bundle on an input: the object that holds account_id,
// integration_key, subdomain and input. An error says that the bundle itself is wrong;
// that a flow failed is a result.
func Run(ctx context.Context, source []byte, flowName string, input any, options Options) (Result, error) {
	if options.Client == nil {
		options.Client = http.DefaultClient
	}
	r := &runner{options: options, actions: map[string]action{}}
	m, err := r.load(source, flowName)
	if err != nil {
		return Result{}, err
	}
	data, err := clone(input)
	if err != nil {
		return Result{}, fmt.Errorf("the input: %w", err)
	}
	if missing := r.missingConnection(m); missing != "" {
		return Result{Message: fmt.Sprintf("Cannot start flow because the connection named %q does not exist", missing), Data: data}, nil
	}
	return r.run(ctx, m, data)
}

func (r *runner) load(source []byte, flowName string) (machine, error) {
	var b bundle
	if err := json.Unmarshal(source, &b); err != nil {
		return machine{}, fmt.Errorf("the bundle: %w", err)
	}
	var m machine
	found := false
	for key, resource := range b.Resources {
		var into any
		switch {
		case resource.Type == "ZIS::Flow" && resource.Properties.Name == flowName:
			into, found = &m, true
		case resource.Type == "ZIS::Action::Http":
			var a action
			if err := json.Unmarshal(resource.Properties.Definition, &a); err != nil {
				return machine{}, fmt.Errorf("action %s: %w", key, err)
			}
			r.actions[resource.Properties.Name] = a
			continue
		default:
			continue
		}
		if err := json.Unmarshal(resource.Properties.Definition, into); err != nil {
			return machine{}, fmt.Errorf("flow %s: %w", key, err)
		}
	}
	if !found {
		return machine{}, fmt.Errorf("the bundle has no flow %q", flowName)
	}
	return m, nil
}

// missingConnection names a connection that an action of the flow wants and that there
// is not: ZIS looks before it starts the flow.
func (r *runner) missingConnection(m machine) string {
	for name := range m.States {
		s := m.States[name]
		if s.Iterator != nil {
			if missing := r.missingConnection(*s.Iterator); missing != "" {
				return missing
			}
		}
		a, known := r.actions[actionOf(s.ActionName)]
		if !known || a.ConnectionName == "" {
			continue
		}
		if _, exists := r.options.Connections[a.ConnectionName]; !exists {
			return a.ConnectionName
		}
	}
	return ""
}

func actionOf(name string) string {
	if _, after, found := strings.Cut(name, ":action:"); found {
		return after
	}
	return name
}

func (r *runner) run(ctx context.Context, m machine, data any) (Result, error) {
	name := m.StartAt
	for range mostStates {
		s, exists := m.States[name]
		if !exists {
			return Result{}, fmt.Errorf("there is no state %q", name)
		}
		r.ran = append(r.ran, name)
		out, err := r.runState(ctx, s, data)
		if err != nil {
			return Result{}, fmt.Errorf("state %s: %w", name, err)
		}
		if out.end != nil {
			out.end.State, out.end.States, out.end.Data = name, r.ran, out.data
			return *out.end, nil
		}
		name, data = out.next, out.data
	}
	return Result{}, fmt.Errorf("more than %d states: the flow goes in a circle", mostStates)
}

// clone makes plain JSON of a value, so that a flow cannot change its input.
func clone(value any) (any, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	var copied any
	err = json.Unmarshal(raw, &copied)
	return copied, err
}
