// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zendesklookup finds Zendesk's organizations and users by their external ids.
package zendesklookup // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/zendesklookup"

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
)

const (
	// perRequest is how many records are asked for at once. Zendesk takes 100 external ids,
	// and each record has two forms of its id.
	perRequest = 50
	// maxBody bounds an answer. Users can have long fields, of which none is read.
	maxBody = 16 << 20
)

// API sends requests to Zendesk.
type API interface {
	Do(ctx context.Context, request apiclient.Request) (*apiclient.Response, error)
}

// Lookup asks Zendesk within a budget of requests. It is for one goroutine.
type Lookup struct {
	api    API
	budget budget
}

// New returns a lookup. Of the requests that Zendesk allows an account per minute it leaves
// half to others. The clock may be nil, and is the machine's then.
func New(api API, now func() time.Time) *Lookup {
	if now == nil {
		now = time.Now
	}
	return &Lookup{api: api, budget: budget{now: now}}
}

// Find returns the organizations or users that have the records' ids for their external
// id. Nothing but ids and times is read of them.
func (l *Lookup) Find(ctx context.Context, kind confirmation.Kind, ids []sfid.Short) (map[sfid.Short]confirmation.Found, error) {
	found := make(map[sfid.Short]confirmation.Found, len(ids))
	for batch := range slices.Chunk(ids, perRequest) {
		if err := l.find(ctx, kind, batch, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// resources are where many are shown at once.
// Sources: https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/#show-many-organizations
// and https://developer.zendesk.com/api-reference/ticketing/users/users/#show-many-users
var resources = map[confirmation.Kind]string{
	confirmation.Organization: "/api/v2/organizations/show_many",
	confirmation.User:         "/api/v2/users/show_many",
}

// answer is what is read of Zendesk's.
type answer struct {
	Organizations *[]object `json:"organizations"`
	Users         *[]object `json:"users"`
}

type object struct {
	ID         json.Number `json:"id"`
	ExternalID *string     `json:"external_id"`
	UpdatedAt  string      `json:"updated_at"`
	// Active is false for a user that was deleted.
	Active *bool `json:"active"`
}

// ErrAnswer means that Zendesk's answer does not have the form that it should have.
var ErrAnswer = errors.New("zendesk's answer is no list of organizations or users")

func (l *Lookup) find(ctx context.Context, kind confirmation.Kind, ids []sfid.Short, found map[sfid.Short]confirmation.Found) error {
	if !l.budget.take() {
		return confirmation.ErrBudget
	}
	names := namesOf(ids)
	response, err := l.api.Do(ctx, apiclient.Request{
		Path: resources[kind], Query: url.Values{"external_ids": {strings.Join(names.all, ",")}}, MaxBody: maxBody,
	})
	if err != nil {
		l.budget.refused(err)
		return err
	}
	defer response.Body.Close()
	l.budget.told(response.Header)
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var a answer
	if json.Unmarshal(body, &a) != nil {
		return ErrAnswer // without the decoder's error, which quotes
	}
	objects := a.Organizations
	if kind == confirmation.User {
		objects = a.Users
	}
	if objects == nil {
		return ErrAnswer
	}
	for i := range *objects {
		names.match(&(*objects)[i], found)
	}
	return nil
}

// names are the external ids that records may have.
type names struct {
	all  []string
	byID map[string]sfid.Short
}

// namesOf returns both forms of the ids. External ids do not tell capitals from small
// letters; the form of 18 characters does not need that.
func namesOf(ids []sfid.Short) names {
	n := names{byID: make(map[string]sfid.Short, 2*len(ids))}
	for _, id := range ids {
		n.all = append(n.all, id.Long(), id.String())
		n.byID[strings.ToLower(id.Long())] = id
		n.byID[id.String()] = id
	}
	return n
}

// match notes what was found, of several the one that was updated last.
func (n *names) match(o *object, found map[sfid.Short]confirmation.Found) {
	if o.ExternalID == nil || o.Active != nil && !*o.Active {
		return
	}
	id, ok := n.byID[*o.ExternalID]
	if !ok {
		id, ok = n.byID[strings.ToLower(*o.ExternalID)]
	}
	updated := activity.ParseTime(o.UpdatedAt)
	if !ok || o.ID == "" || updated.IsZero() {
		return
	}
	if before, several := found[id]; !several || updated.After(before.UpdatedAt) {
		found[id] = confirmation.Found{ID: o.ID.String(), UpdatedAt: updated}
	}
}
