// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type recordsAnswer struct {
	Count         int            `json:"count"`
	Organizations []Organization `json:"organizations"`
	Users         []User         `json:"users"`
}

func TestOrganizationsAndUsersByExternalID(t *testing.T) {
	account := start(t, Settings{})
	account.PutOrganization(Organization{ID: 17, Name: "Acme", ExternalID: "001D000000KnaXjIAJ", UpdatedAt: now})
	account.PutOrganization(Organization{ID: 18, Name: "Other", ExternalID: "001D000000KnaXkIAJ"})
	account.PutUser(User{ID: 19, Name: "Ada", Email: "ada@example.com", ExternalID: "003D000000KnaXjIAJ"})
	account.PutUser(User{ID: 19, Name: "Ada Lovelace", Email: "ada@example.com", ExternalID: "003D000000KnaXjIAJ"})
	for _, test := range []struct {
		path, name, value string
		found             []string
	}{
		{"/api/v2/organizations/search", "external_id", "001D000000KnaXjIAJ", []string{"Acme"}},
		{"/api/v2/organizations/search.json", "external_id", "001d000000knaxjiaj", []string{"Acme"}},
		{"/api/v2/organizations/search", "name", "other", []string{"Other"}},
		{"/api/v2/organizations/search", "external_id", "unknown", nil},
		{"/api/v2/organizations/show_many.json", "external_ids", "001D000000KnaXjIAJ,001D000000KnaXkIAJ,x", []string{"Acme", "Other"}},
		{"/api/v2/organizations/show_many", "ids", "18", []string{"Other"}},
		{"/api/v2/users/search.json", "external_id", "003D000000KnaXjIAJ", []string{"Ada Lovelace"}},
		{"/api/v2/users/search", "query", "ada@example", []string{"Ada Lovelace"}},
		{"/api/v2/users/search", "external_id", "", nil},
		{"/api/v2/users/show_many", "external_ids", "003D000000KnaXjIAJ", []string{"Ada Lovelace"}},
		{"/api/v2/users/show_many", "ids", "19", []string{"Ada Lovelace"}},
	} {
		got := account.get(t, test.path, test.name, test.value)
		require.Equal(t, http.StatusOK, got.status, test)
		var records recordsAnswer
		got.decode(t, &records)
		var names []string
		for _, organization := range records.Organizations {
			names = append(names, organization.Name)
		}
		for _, user := range records.Users {
			names = append(names, user.Name)
		}
		assert.Equal(t, test.found, names, test)
		assert.Equal(t, len(test.found), records.Count)
	}
	for _, parameters := range [][]string{
		{"/api/v2/organizations/search"},
		{"/api/v2/organizations/search", "name", "a", "external_id", "b"},
		{"/api/v2/organizations/show_many"},
		{"/api/v2/users/show_many", "external_ids", strings.Repeat("x,", 101)},
	} {
		assert.Equal(t, http.StatusBadRequest, account.get(t, parameters[0], parameters[1:]...).status, parameters)
	}
}
