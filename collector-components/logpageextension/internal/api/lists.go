// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package api // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/api"

import (
	"encoding/json"
	"net/http"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/state"
)

// page is a slice of the log in JSON.
type page struct {
	// Activities are newest first.
	Activities []activity `json:"activities"`
	// Older and Newer are what to give to the parameters of these names for the
	// activities before and after these; they are left out where there are none.
	Older activities.Position `json:"older,omitempty"`
	Newer activities.Position `json:"newer,omitempty"`
}

func (a *API) activities(w http.ResponseWriter, r *http.Request) {
	view, ok := read(w, r, paging)
	if !ok {
		return
	}
	read, err := a.reader.Page(r.Context(), view.Filter(a.now()), view.Slice())
	if err != nil {
		a.fail(w, view, err)
		return
	}
	answer := page{Activities: make([]activity, 0, len(read.Activities))}
	for i := range read.Activities {
		answer.Activities = append(answer.Activities, newActivity(read.Activities[i], view.Zone))
	}
	if count := len(read.Activities); count > 0 {
		if read.HasOlder {
			answer.Older = read.Activities[count-1].Position
		}
		if read.HasNewer {
			answer.Newer = read.Activities[0].Position
		}
	}
	a.write(w, answer)
}

// product is what the time of a filter holds of a product, in JSON.
type product struct {
	Product    string `json:"product"`
	Name       string `json:"name"`
	Activities int    `json:"activities"`
	Errors     int    `json:"errors"`
}

func (a *API) products(w http.ResponseWriter, r *http.Request) {
	view, ok := read(w, r, append([]string{state.Language}, times...))
	if !ok {
		return
	}
	counts, err := a.reader.Products(r.Context(), view.Filter(a.now()))
	if err != nil {
		a.fail(w, view, err)
		return
	}
	names := messages.For(r)
	answer := struct {
		Products []product `json:"products"`
	}{Products: make([]product, 0, len(counts))}
	for _, count := range counts {
		answer.Products = append(answer.Products, product{count.Product, names.Product(count.Product), count.Activities, count.Errors})
	}
	a.write(w, answer)
}

// write sends an answer in JSON.
func (a *API) write(w http.ResponseWriter, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		a.fail(w, state.View{}, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(body, '\n')) // whoever went away needs no answer
}
