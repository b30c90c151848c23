// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// many is how many rows there are on a page here, the most that can be asked for: few pages
// are turned sooner than many.
const many = 1000

// Five thousand activities of one nanosecond are shown once each, page by page to the oldest
// and back again, where each page is the one that it was.
func testPaging(t *testing.T, w *world) {
	t.Helper()
	all := w.log.chosen(choice{integrations: []string{crowd}})
	require.Len(t, all, crowded)
	v := w.open(t, browser.Visitor{}, "/", url.Values{"integration": {crowd}, "limit": {itoa(many)}})
	v.fills(many)
	var pages [][]row
	seen := map[string]bool{}
	for {
		rows := v.turned(pages)
		pages = append(pages, rows)
		for _, r := range rows {
			assert.False(t, seen[r.Description], "%s is there twice", r.Description)
			seen[r.Description] = true
		}
		if len(pages) == crowded/many {
			break
		}
		v.first("Older").Follow()
	}
	assert.Len(t, seen, crowded)
	for _, description := range descriptions(all) {
		require.True(t, seen[description], "%s is missing", description)
	}
	older, err := v.All("link", "Older")
	require.NoError(t, err)
	assert.Empty(t, older, "this is the last page")

	for i := len(pages) - 2; i >= 0; i-- {
		v.first("Newer").Follow()
		v.Until(func() error { return v.isPage(pages[i]) })
	}
	newer, err := v.All("link", "Newer")
	require.NoError(t, err)
	assert.Empty(t, newer, "this is the first page")

	// From anywhere it is one step to the newest.
	v.first("Older").Follow()
	v.Until(func() error { return v.isPage(pages[1]) })
	v.first("Newest").Follow()
	v.Until(func() error { return v.isPage(pages[0]) })

	// There can be fewer per page.
	v.Find("link", "25").Follow()
	v.fills(25)
	assert.Contains(t, v.Address(), "limit=25")
	t.Run("by programs", func(t *testing.T) { testPagingOfAPI(t, w, all) })
}

// fills waits until the list has so many rows.
func (v *view) fills(n int) {
	v.t.Helper()
	v.Until(func() error {
		rows, err := v.rows()
		if err == nil && len(rows) != n {
			err = fmt.Errorf("%d rows instead of %d", len(rows), n)
		}
		return err
	})
}

// turned waits for another page than the last one of those.
func (v *view) turned(pages [][]row) (rows []row) {
	v.t.Helper()
	v.Until(func() (err error) {
		rows, err = v.rows()
		if err == nil && len(rows) == 0 {
			err = errors.New("the page is empty")
		}
		if err == nil && len(pages) > 0 && rows[0] == pages[len(pages)-1][0] {
			err = errors.New("the page has not been turned")
		}
		return err
	})
	return rows
}

func (v *view) isPage(want []row) error {
	rows, err := v.rows()
	if err != nil {
		return err
	}
	if len(rows) != len(want) {
		return fmt.Errorf("%d rows instead of %d", len(rows), len(want))
	}
	for i := range rows {
		if rows[i] != want[i] {
			return fmt.Errorf("row %d is %v instead of %v", i, rows[i], want[i])
		}
	}
	return nil
}

// answered is an activity as the API has it.
type answered struct {
	Time           string `json:"time"`
	Position       string `json:"position"`
	Product        string `json:"product"`
	Status         string `json:"status"`
	Description    string `json:"description"`
	Type           string `json:"type"`
	Evidence       string `json:"evidence"`
	Integration    string `json:"integration"`
	Account        string `json:"account"`
	ID             string `json:"id"`
	ObjectType     string `json:"object_type"`
	ObjectID       string `json:"object_id"`
	ErrorType      string `json:"error_type"`
	ErrorCode      string `json:"error_code"`
	ErrorMessage   string `json:"error_message"`
	HTTPStatusCode int    `json:"http_status_code"`
}

// slice is a page of the API.
type slice struct {
	Activities []answered `json:"activities"`
	Older      string     `json:"older"`
	Newer      string     `json:"newer"`
}

// ask asks the API for a page.
func (w *world) ask(t *testing.T, query url.Values) slice {
	t.Helper()
	status, body := w.get(t, "/api/v1/activities", query)
	require.Equal(t, 200, status, "%s", body)
	var page slice
	require.NoError(t, json.Unmarshal(body, &page))
	return page
}

// walk asks the API for all pages of a filter, from the newest on.
func (w *world) walk(t *testing.T, filter url.Values, limit int) []answered {
	t.Helper()
	var all []answered
	query := copyOf(filter)
	query.Set("limit", itoa(limit))
	for {
		page := w.ask(t, query)
		all = append(all, page.Activities...)
		if page.Older == "" {
			return all
		}
		require.Len(t, page.Activities, limit)
		query.Set("older", page.Older)
	}
}

func testPagingOfAPI(t *testing.T, w *world, all ledger) {
	t.Helper()
	query := url.Values{"integration": {crowd}}
	const limit = 930 // so that the last page is not full
	down := w.walk(t, query, limit)
	assert.ElementsMatch(t, all.ids(), idsOf(down))

	// From the oldest back up, in other pages.
	query.Set("limit", "777")
	query.Set("newer", down[len(down)-1].Position)
	up := []answered{down[len(down)-1]}
	for {
		page := w.ask(t, query)
		up = slices.Concat(page.Activities, up)
		if page.Newer == "" {
			break
		}
		query.Set("newer", page.Newer)
	}
	assert.Equal(t, idsOf(down), idsOf(up))
}

func idsOf(all []answered) []string {
	ids := make([]string, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	return ids
}

func copyOf(query url.Values) url.Values {
	other := url.Values{}
	for name, values := range query {
		other[name] = append([]string{}, values...)
	}
	return other
}
