// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Table is what a table shows: rows with the fields that the transformations leave, and
// the name that each field is shown under.
type Table struct {
	Rows  []Row
	Shown map[string]string
}

// Transform applies the transformations of a panel to what its queries returned: the rows
// of each.
func (p *Panel) Transform(frames [][]Row) (*Table, error) {
	table := &Table{Shown: map[string]string{}}
	if len(frames) == 1 {
		table.Rows = frames[0]
	}
	for _, t := range p.Transformations {
		var err error
		switch t.ID {
		case "merge":
			table.Rows = merge(frames)
		case "extractFields": // rows of lines come with their labels as fields
		case "filterFieldsByName":
			err = table.keep(t.Options)
		case "organize":
			err = table.organize(t.Options)
		case "groupBy":
			err = table.group(t.Options)
		case "sortBy":
			err = table.sort(t.Options)
		case "limit":
			err = table.limit(t.Options)
		default:
			err = fmt.Errorf("nobody knows the transformation %s", t.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("panel %q: %w", p.Title, err)
		}
	}
	return table, nil
}

// merge puts rows together that agree in all fields that they share.
func merge(frames [][]Row) []Row {
	var merged []Row
	for _, frame := range frames {
		for _, row := range frame {
			at := slices.IndexFunc(merged, func(other Row) bool { return agree(row, other) })
			if at < 0 {
				merged = append(merged, maps.Clone(row))
				continue
			}
			maps.Copy(merged[at], row)
		}
	}
	return merged
}

func agree(a, b Row) bool {
	shared := false
	for name, value := range a {
		if other, ok := b[name]; ok {
			shared = true
			if other != value {
				return false
			}
		}
	}
	return shared
}

func (t *Table) keep(options json.RawMessage) error {
	var wanted struct {
		Include struct {
			Names []string `json:"names"`
		} `json:"include"`
	}
	if err := json.Unmarshal(options, &wanted); err != nil {
		return err
	}
	t.drop(func(name string) bool { return !slices.Contains(wanted.Include.Names, name) })
	return nil
}

func (t *Table) organize(options json.RawMessage) error {
	var wanted struct {
		Exclude map[string]bool   `json:"excludeByName"`
		Rename  map[string]string `json:"renameByName"`
	}
	if err := json.Unmarshal(options, &wanted); err != nil {
		return err
	}
	t.drop(func(name string) bool { return wanted.Exclude[name] })
	maps.Copy(t.Shown, wanted.Rename)
	return nil
}

// group makes a row of those that agree in some fields, and counts others in it.
func (t *Table) group(options json.RawMessage) error {
	var wanted struct {
		Fields map[string]struct {
			Operation    string   `json:"operation"`
			Aggregations []string `json:"aggregations"`
		} `json:"fields"`
	}
	if err := json.Unmarshal(options, &wanted); err != nil {
		return err
	}
	var counted []string
	for name, field := range wanted.Fields {
		switch {
		case field.Operation == "groupby":
		case field.Operation == "aggregate" && slices.Equal(field.Aggregations, []string{"count"}):
			counted = append(counted, name)
		default:
			return fmt.Errorf("groupBy: nobody knows %s of %v", field.Operation, field.Aggregations)
		}
	}
	var grouped []Row
	for _, row := range t.Rows {
		group := Row{}
		for name, field := range wanted.Fields {
			if field.Operation == "groupby" {
				group[name] = row[name]
			}
		}
		at := slices.IndexFunc(grouped, func(other Row) bool { return agree(group, other) })
		if at < 0 {
			at = len(grouped)
			grouped = append(grouped, group)
		}
		for _, name := range counted {
			if _, ok := row[name]; ok {
				number := grouped[at][name+" (count)"].Number + 1
				grouped[at][name+" (count)"] = Field{Text: fmt.Sprint(number), Number: number}
			}
		}
	}
	t.Rows = grouped
	return nil
}

func (t *Table) sort(options json.RawMessage) error {
	var wanted struct {
		Sort []struct {
			Field string `json:"field"`
			Desc  bool   `json:"desc"`
		} `json:"sort"`
	}
	if err := json.Unmarshal(options, &wanted); err != nil || len(wanted.Sort) == 0 {
		return err
	}
	by := wanted.Sort[0]
	slices.SortStableFunc(t.Rows, func(a, b Row) int {
		order := cmp.Or(cmp.Compare(a[by.Field].Number, b[by.Field].Number), cmp.Compare(a[by.Field].Text, b[by.Field].Text))
		if by.Desc {
			return -order
		}
		return order
	})
	return nil
}

func (t *Table) limit(options json.RawMessage) error {
	var wanted struct {
		Limit int `json:"limitField"`
	}
	if err := json.Unmarshal(options, &wanted); err != nil {
		return err
	}
	t.Rows = t.Rows[:min(len(t.Rows), wanted.Limit)]
	return nil
}

func (t *Table) drop(unwanted func(name string) bool) {
	for i, row := range t.Rows {
		kept := maps.Clone(row)
		maps.DeleteFunc(kept, func(name string, _ Field) bool { return unwanted(name) })
		t.Rows[i] = kept
	}
}

// Field returns the value of a row that is shown under a name.
func (t *Table) Field(row Row, shown string) (Field, bool) {
	for name, value := range row {
		if renamed := t.Shown[name]; renamed == shown || renamed == "" && name == shown {
			return value, true
		}
	}
	return Field{}, false
}
