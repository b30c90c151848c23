// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"encoding/json"
	"fmt"
	"os"
)

// Dashboard is the part of a classic dashboard that decides what is asked.
type Dashboard struct {
	UID        string  `json:"uid"`
	Title      string  `json:"title"`
	Panels     []Panel `json:"panels"`
	Templating struct {
		List []Definition `json:"list"`
	} `json:"templating"`
	Annotations struct {
		List []struct {
			Name string `json:"name"`
			Expr string `json:"expr"`
		} `json:"list"`
	} `json:"annotations"`
}

// Source names a data source, mostly by a variable.
type Source struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

// Definition is a variable as the dashboard defines it.
type Definition struct {
	Name       string `json:"name"`
	Type       string `json:"type"`
	Datasource Source `json:"datasource"`
	// Query is a text, or an object of the data source's.
	Query       json.RawMessage `json:"query"`
	Regex       string          `json:"regex"`
	Refresh     int             `json:"refresh"`
	Multi       bool            `json:"multi"`
	IncludeAll  bool            `json:"includeAll"`
	AllValue    string          `json:"allValue"`
	SkipURLSync bool            `json:"skipUrlSync"`
	Current     struct {
		Value json.RawMessage `json:"value"`
	} `json:"current"`
}

// Read reads a dashboard.
func Read(path string) (*Dashboard, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the caller's file
	if err != nil {
		return nil, err
	}
	var d Dashboard
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("dashboard %s: %w", path, err)
	}
	return &d, nil
}

// All returns all panels that are no rows, those of collapsed rows included.
func (d *Dashboard) All() []*Panel { return flatten(d.Panels) }

func flatten(panels []Panel) []*Panel {
	var all []*Panel
	for i := range panels {
		if panels[i].Type == "row" {
			all = append(all, flatten(panels[i].Panels)...)
			continue
		}
		all = append(all, &panels[i])
	}
	return all
}
