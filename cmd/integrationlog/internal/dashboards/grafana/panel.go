// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"encoding/json"
	"fmt"
)

// Panel is a panel, or a row of them.
type Panel struct {
	ID            int      `json:"id"`
	Type          string   `json:"type"`
	Title         string   `json:"title"`
	Description   string   `json:"description"`
	Datasource    Source   `json:"datasource"`
	Targets       []Target `json:"targets"`
	Panels        []Panel  `json:"panels"`
	MaxDataPoints int      `json:"maxDataPoints"`
	Interval      string   `json:"interval"`
	TimeFrom      string   `json:"timeFrom"`
	TimeShift     string   `json:"timeShift"`
	Repeat        string   `json:"repeat"`
	GridPos       struct {
		W int `json:"w"`
	} `json:"gridPos"`
	FieldConfig struct {
		Defaults struct {
			Links  []Link `json:"links"`
			Custom struct {
				BarAlignment int `json:"barAlignment"`
			} `json:"custom"`
		} `json:"defaults"`
		Overrides []Override `json:"overrides"`
	} `json:"fieldConfig"`
	Transformations []Transformation `json:"transformations"`
}

// Target is a query of a panel.
type Target struct {
	RefID        string `json:"refId"`
	Datasource   Source `json:"datasource"`
	Expr         string `json:"expr"`
	Hide         bool   `json:"hide"`
	LegendFormat string `json:"legendFormat"`
	// QueryType, MaxLines, Direction and Step are Loki's.
	QueryType string `json:"queryType"`
	MaxLines  int    `json:"maxLines"`
	Direction string `json:"direction"`
	Step      string `json:"step"`
	// Instant, Range and Interval are those of Prometheus.
	Instant  bool   `json:"instant"`
	Range    bool   `json:"range"`
	Interval string `json:"interval"`
}

// Link is a link of a field.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Override changes how some of the fields are shown.
type Override struct {
	Matcher struct {
		ID      string          `json:"id"`
		Options json.RawMessage `json:"options"`
	} `json:"matcher"`
	Properties []struct {
		ID    string          `json:"id"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
}

// Transformation changes what a query returned before it is shown.
type Transformation struct {
	ID       string          `json:"id"`
	Disabled bool            `json:"disabled"`
	Options  json.RawMessage `json:"options"`
}

// FieldLinks returns the links of a panel's fields, by the name that a field is shown
// under; those of all fields are under the empty name.
func (p *Panel) FieldLinks() (map[string][]Link, error) {
	links := map[string][]Link{}
	if len(p.FieldConfig.Defaults.Links) > 0 {
		links[""] = p.FieldConfig.Defaults.Links
	}
	for _, override := range p.FieldConfig.Overrides {
		for _, property := range override.Properties {
			if property.ID != "links" {
				continue
			}
			if override.Matcher.ID != "byName" {
				return nil, fmt.Errorf("panel %q: links of fields %s", p.Title, override.Matcher.ID)
			}
			var name string
			var list []Link
			if err := json.Unmarshal(override.Matcher.Options, &name); err != nil {
				return nil, fmt.Errorf("panel %q: the field of a link: %w", p.Title, err)
			}
			if err := json.Unmarshal(property.Value, &list); err != nil {
				return nil, fmt.Errorf("panel %q: links of %s: %w", p.Title, name, err)
			}
			links[name] = append(links[name], list...)
		}
	}
	return links, nil
}
