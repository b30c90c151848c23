// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zisbundle // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle"

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	// DefaultURL is to be replaced by the address of a log.
	DefaultURL = "https://LOG_HOST/zis"
	// DefaultConnection is the name of the connection that holds the credential.
	DefaultConnection = "integration_log"
	// DefaultAction is the name of the action that posts an entry.
	DefaultAction = "integration_log"
	// CatchAll stands for all states that could have a Catch and have none.
	CatchAll = "all"
	// CatchNone stands for no state, where a text has to say so.
	CatchNone = "none"

	// longestAction is what Zendesk documents.
	longestAction = 20
	// longestKey is the longest name of an integration.
	longestKey = 64
)

var (
	actionName = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	plainName  = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)
)

// Options say how to instrument a bundle.
type Options struct {
	// URL is where entries are posted to. Without it a bundle that was instrumented before
	// keeps its own.
	URL string
	// Connection is the name of the connection with the credential; as URL.
	Connection string
	// Action is the name of the action that is added; as URL.
	Action string
	// Integration is the integration key, if the bundle does not tell it.
	Integration string
	// Catch are the states that get a Catch: by name, as flow/name, or CatchAll. Others
	// are not caught, because ZIS runs a flow again only if it was not.
	Catch []string
	// EventReference and EventTime are the reference paths of what tells one event from
	// all others, and of when it happened, for events that are none of Zendesk's own.
	EventReference string
	EventTime      string
}

// complete checks the options and adds what a bundle tells: before, as it was given, and
// bare, without log steps.
func (o *Options) complete(before, bare *bundle, earlier []logAction) error {
	if err := o.findAction(earlier); err != nil {
		return err
	}
	if !actionName.MatchString(o.Action) || len(o.Action) > longestAction {
		return fmt.Errorf("the name of the action, %q: Zendesk takes letters, digits and _, at most %d", o.Action, longestAction)
	}
	if o.Connection != "" && !plainName.MatchString(o.Connection) {
		return fmt.Errorf("the name of the connection, %q: letters, digits, _ . and - only", o.Connection)
	}
	for option, path := range map[string]string{"event reference": o.EventReference, "event time": o.EventTime} {
		if _, ok := jqPath(path); path != "" && !ok {
			return fmt.Errorf("the path of the %s, %q: it has to be one such as $.input.delivery.id", option, path)
		}
	}
	return errors.Join(o.checkURL(), o.findIntegration(before, bare))
}

// findAction keeps the name of an earlier action unless another is given.
func (o *Options) findAction(earlier []logAction) error {
	var names []string
	for _, a := range earlier {
		names = append(names, a.name.text)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	switch {
	case len(names) > 1 && !slices.Contains(names, o.Action):
		return fmt.Errorf("its log steps post with several actions (%s); say which of them to keep (--action)", strings.Join(names, ", "))
	case o.Action == "" && len(names) == 1:
		o.Action = names[0]
	case o.Action == "":
		o.Action = DefaultAction
	}
	return nil
}

// checkURL wants HTTPS, because a credential goes with every entry.
func (o *Options) checkURL() error {
	if o.URL == "" {
		return nil
	}
	address, err := url.Parse(o.URL)
	switch {
	case err != nil || address.Host == "" || strings.Contains(o.URL, "{{"):
		return fmt.Errorf("the address %q: it has to be one such as https://log.example.com/zis", o.URL)
	case address.Scheme != "https":
		return fmt.Errorf("the address %q: Zendesk posts over HTTPS only", o.URL)
	case address.User != nil:
		return errors.New("the address has a credential in it; put it into the connection: whoever can read a bundle could read it")
	}
	return nil
}

// findIntegration believes the resources before the options. What only log steps name
// may have been given wrong, so it counts only where nothing else tells.
func (o *Options) findIntegration(before, bare *bundle) error {
	keys := bare.keys
	if len(keys) == 0 && o.Integration == "" {
		keys = before.keys
	}
	named := strings.Join(keys, ", ")
	switch {
	case o.Integration != "" && (len(o.Integration) > longestKey || !plainName.MatchString(o.Integration)):
		return fmt.Errorf("the integration key %q: it is a name of at most %d letters, digits, - and _", o.Integration, longestKey)
	case o.Integration != "" && len(keys) > 0 && !slices.Contains(keys, o.Integration):
		return fmt.Errorf("the integration key %q: its resources name %s, so the log steps would call an action "+
			"that does not exist; correct the one or the other (--integration)", o.Integration, named)
	case o.Integration != "":
		return nil
	case len(keys) == 1:
		o.Integration = keys[0]
		return nil
	case len(keys) == 0:
		return errors.New("nothing in it names its integration; give the integration key (--integration)")
	}
	return fmt.Errorf("its resources name several integrations (%s); give the integration key (--integration)", named)
}

func (o *Options) catches(flowName, state string) bool {
	return slices.ContainsFunc(o.Catch, func(name string) bool {
		return name == CatchAll || name == state || name == flowName+"/"+state
	})
}

// checkCatch wants every state that is named to be one that can have a Catch.
func (o *Options) checkCatch(b *bundle) error {
	for _, name := range o.Catch {
		if name == CatchAll {
			continue
		}
		known := slices.ContainsFunc(b.flows, func(f *flow) bool {
			return slices.ContainsFunc(f.states.members, func(m member) bool {
				return catchable(m.value) && (name == m.name || name == f.name+"/"+m.name)
			})
		})
		if !known {
			return fmt.Errorf("no flow has a state %q that could get a Catch: only Action and Map states can", name)
		}
	}
	return nil
}

func catchable(state *node) bool {
	kind := state.string("Type")
	return kind == "Action" || kind == "Map"
}
