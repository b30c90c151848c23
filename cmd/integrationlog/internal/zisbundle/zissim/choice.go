// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zissim // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"

import "fmt"

// rule is one rule of a Choice, with the comparisons that flows mostly use.
type rule struct {
	Variable string `json:"Variable"`
	Next     string `json:"Next"`

	StringEquals       *string  `json:"StringEquals"`
	NumericEquals      *float64 `json:"NumericEquals"`
	NumericGreaterThan *float64 `json:"NumericGreaterThan"`
	NumericLessThan    *float64 `json:"NumericLessThan"`
	BooleanEquals      *bool    `json:"BooleanEquals"`
	IsPresent          *bool    `json:"IsPresent"`
	IsNull             *bool    `json:"IsNull"`

	And []rule `json:"And"`
	Or  []rule `json:"Or"`
	Not *rule  `json:"Not"`
}

func choose(s state, data any) (any, error) {
	for i := range s.Choices {
		holds, err := s.Choices[i].holds(data)
		if err != nil {
			return nil, err
		}
		if holds {
			return s.Choices[i].Next, nil
		}
	}
	if s.Default == "" {
		return nil, &runtimeError{cause: "no rule of the Choice holds, and it has no Default"}
	}
	return s.Default, nil
}

func (r *rule) holds(data any) (bool, error) {
	switch {
	case r.And != nil:
		return combined(r.And, data, false)
	case r.Or != nil:
		return combined(r.Or, data, true)
	case r.Not != nil:
		holds, err := r.Not.holds(data)
		return !holds, err
	}
	value, err := at(data, r.Variable)
	if r.IsPresent != nil {
		return (err == nil) == *r.IsPresent, nil
	}
	if err != nil {
		return false, err
	}
	return r.compare(value)
}

func (r *rule) compare(value any) (bool, error) {
	number, isNumber := value.(float64)
	switch {
	case r.IsNull != nil:
		return (value == nil) == *r.IsNull, nil
	case r.StringEquals != nil:
		return value == *r.StringEquals, nil
	case r.BooleanEquals != nil:
		return value == *r.BooleanEquals, nil
	case r.NumericEquals != nil:
		return isNumber && number == *r.NumericEquals, nil
	case r.NumericGreaterThan != nil:
		return isNumber && number > *r.NumericGreaterThan, nil
	case r.NumericLessThan != nil:
		return isNumber && number < *r.NumericLessThan, nil
	}
	return false, fmt.Errorf("a rule on %s has no comparison that is known here", r.Variable)
}

// combined ends with the first rule that decides.
func combined(rules []rule, data any, decisive bool) (bool, error) {
	for i := range rules {
		holds, err := rules[i].holds(data)
		if err != nil || holds == decisive {
			return holds, err
		}
	}
	return !decisive, nil
}
