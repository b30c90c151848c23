// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// maxShown is how many ids show_many takes.
const maxShown = 100

// Organization is one that Salesforce's accounts are synchronised to: its external id
// is the account's.
type Organization struct {
	ID         int64     `json:"id"`
	Name       string    `json:"name"`
	ExternalID string    `json:"external_id"`
	Domains    []string  `json:"domain_names"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// User is one that Salesforce's contacts and leads are synchronised to.
type User struct {
	ID             int64     `json:"id"`
	Name           string    `json:"name"`
	Email          string    `json:"email"`
	Phone          string    `json:"phone"`
	ExternalID     string    `json:"external_id"`
	Role           string    `json:"role"`
	OrganizationID int64     `json:"organization_id"`
	CreatedAt      time.Time `json:"created_at"`
	UpdatedAt      time.Time `json:"updated_at"`
}

// PutOrganization adds an organization, or replaces the one with its id.
func (a *Account) PutOrganization(organization Organization) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.organizations = put(a.organizations, organization, func(o Organization) bool { return o.ID == organization.ID })
}

// PutUser adds a user, or replaces the one with its id.
func (a *Account) PutUser(user User) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.users = put(a.users, user, func(u User) bool { return u.ID == user.ID })
}

func put[T any](records []T, record T, same func(T) bool) []T {
	return append(slices.DeleteFunc(records, same), record)
}

// External ids do not tell upper from lower case, although Salesforce's do.
func (o Organization) hasExternalID(id string) bool { return strings.EqualFold(o.ExternalID, id) }

func (u User) hasExternalID(id string) bool { return strings.EqualFold(u.ExternalID, id) }

func (a *Account) searchOrganizations(w http.ResponseWriter, r *http.Request) {
	external, name := r.URL.Query().Get("external_id"), r.URL.Query().Get("name")
	if (external == "") == (name == "") {
		badParameters(w, "Either external_id or name is required, not both")
		return
	}
	a.answerOrganizations(w, func(o Organization) bool {
		return external != "" && o.hasExternalID(external) || name != "" && strings.EqualFold(o.Name, name)
	})
}

func (a *Account) showOrganizations(w http.ResponseWriter, r *http.Request) {
	ids, external, ok := manyIDs(w, r)
	if ok {
		a.answerOrganizations(w, func(o Organization) bool {
			return slices.Contains(ids, strconv.FormatInt(o.ID, 10)) || slices.ContainsFunc(external, o.hasExternalID)
		})
	}
}

func (a *Account) searchUsers(w http.ResponseWriter, r *http.Request) {
	external, text := r.URL.Query().Get("external_id"), r.URL.Query().Get("query")
	a.answerUsers(w, func(u User) bool {
		return external != "" && u.hasExternalID(external) || text != "" && (strings.Contains(u.Name, text) || strings.Contains(u.Email, text))
	})
}

func (a *Account) showUsers(w http.ResponseWriter, r *http.Request) {
	ids, external, ok := manyIDs(w, r)
	if ok {
		a.answerUsers(w, func(u User) bool {
			return slices.Contains(ids, strconv.FormatInt(u.ID, 10)) || slices.ContainsFunc(external, u.hasExternalID)
		})
	}
}

// manyIDs reads what show_many was asked for.
func manyIDs(w http.ResponseWriter, r *http.Request) (ids, external []string, ok bool) {
	split := func(name string) []string {
		return strings.FieldsFunc(r.URL.Query().Get(name), func(c rune) bool { return c == ',' })
	}
	ids, external = split("ids"), split("external_ids")
	if n := len(ids) + len(external); n == 0 || n > maxShown {
		badParameters(w, "Between 1 and 100 ids or external_ids are required")
		return nil, nil, false
	}
	return ids, external, true
}

func (a *Account) answerOrganizations(w http.ResponseWriter, fits func(Organization) bool) {
	a.mu.Lock()
	found := filter(a.organizations, fits)
	a.mu.Unlock()
	answerRecords(w, "organizations", found)
}

func (a *Account) answerUsers(w http.ResponseWriter, fits func(User) bool) {
	a.mu.Lock()
	found := filter(a.users, fits)
	a.mu.Unlock()
	answerRecords(w, "users", found)
}

func filter[T any](records []T, fits func(T) bool) []T {
	found := []T{}
	for _, record := range records {
		if fits(record) {
			found = append(found, record)
		}
	}
	return found
}

func answerRecords[T any](w http.ResponseWriter, kind string, found []T) {
	endpoint.JSON(w, http.StatusOK, map[string]any{kind: found, "count": len(found), "next_page": nil, "previous_page": nil})
}

func badParameters(w http.ResponseWriter, description string) {
	endpoint.JSON(w, http.StatusBadRequest, map[string]string{"error": "InvalidParameters", "description": description})
}
