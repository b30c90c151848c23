// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zissim // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/zisbundle/zissim"

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// state is a state of a flow, of whatever type.
type state struct {
	Type       string         `json:"Type"`
	Next       string         `json:"Next"`
	End        bool           `json:"End"`
	ActionName string         `json:"ActionName"`
	Parameters map[string]any `json:"Parameters"`
	Result     any            `json:"Result"`
	ResultPath string         `json:"ResultPath"`
	Catch      []catch        `json:"Catch"`
	Choices    []rule         `json:"Choices"`
	Default    string         `json:"Default"`
	ItemsPath  string         `json:"ItemsPath"`
	Iterator   *machine       `json:"Iterator"`
	Message    string         `json:"Message"`
	Error      string         `json:"Error"`
	Cause      string         `json:"Cause"`
}

type catch struct {
	ErrorEquals []string `json:"ErrorEquals"`
	ResultPath  string   `json:"ResultPath"`
	Next        string   `json:"Next"`
}

// outcome is where a flow goes on, or how it ended.
type outcome struct {
	next string
	data any
	end  *Result
}

// runtimeError is a failure of a state that a Catch could catch.
type runtimeError struct {
	cause string
	// status is that of an answer over HTTP, if there was one.
	status int
}

func (e *runtimeError) Error() string { return e.cause }

// runAgain says whether a failure that nothing catches makes ZIS run the flow again.
func (e *runtimeError) runAgain() bool {
	return e.status == http.StatusTooManyRequests || e.status >= http.StatusInternalServerError
}

func (r *runner) runState(ctx context.Context, s state, data any) (outcome, error) {
	result, err := r.resultOf(ctx, s, data)
	var failure *runtimeError
	switch {
	case errors.As(err, &failure):
		return caught(s, data, failure)
	case err != nil:
		return outcome{}, err
	}
	switch s.Type {
	case "Succeed", "Fail", "Choice":
		return ended(s, data, result), nil
	case "Wait":
	default:
		if data, err = put(data, s.ResultPath, result); err != nil {
			return caught(s, data, &runtimeError{cause: err.Error()})
		}
	}
	if s.End {
		return outcome{data: data, end: &Result{Succeeded: true, Message: "Execution Successful"}}, nil
	}
	return outcome{next: s.Next, data: data}, nil
}

// resultOf runs what is special to the type of a state.
func (r *runner) resultOf(ctx context.Context, s state, data any) (any, error) {
	switch s.Type {
	case "Action":
		return r.act(ctx, s, data)
	case "Map":
		return r.each(ctx, s, data)
	case "Pass":
		if s.Result != nil || s.Parameters == nil {
			return orElse(s.Result, data), nil
		}
		return render(s.Parameters, data, false)
	case "Wait":
		return nil, nil //nolint:nilnil // it has no result, and takes no time here
	case "Choice":
		return choose(s, data)
	case "Succeed":
		if s.Message == "" {
			return "Execution Successful", nil
		}
		return fill(s.Message, data)
	case "Fail":
		return failure(s, data)
	}
	return nil, fmt.Errorf("the type %q is unknown", s.Type)
}

// ended takes the result of a state that has no data of its own.
func ended(s state, data, result any) outcome {
	switch told := result.(type) {
	case *Result:
		return outcome{data: data, end: told}
	case string:
		if s.Type == "Choice" {
			return outcome{next: told, data: data}
		}
		return outcome{data: data, end: &Result{Succeeded: true, Message: told}}
	}
	return outcome{data: data, end: &Result{Succeeded: true, Message: fmt.Sprint(result)}}
}

func failure(s state, data any) (any, error) {
	name, err := fill(s.Error, data)
	if err != nil {
		return nil, err
	}
	cause, err := fill(s.Cause, data)
	if err != nil {
		return nil, err
	}
	return &Result{Error: fmt.Sprint(name), Message: fmt.Sprint(cause)}, nil
}

// caught goes on with the state that catches a failure, or ends the flow.
func caught(s state, data any, failure *runtimeError) (outcome, error) {
	if (s.Type != "Action" && s.Type != "Map") || len(s.Catch) == 0 {
		return outcome{data: data, end: &Result{Message: failure.cause, RunAgain: failure.runAgain()}}, nil
	}
	// There is only one kind of error, so the first entry catches it.
	first := s.Catch[0]
	if len(first.ErrorEquals) != 1 || first.ErrorEquals[0] != "States.ALL" {
		return outcome{}, fmt.Errorf("the only error that can be caught is States.ALL, not %v", first.ErrorEquals)
	}
	after, err := put(data, first.ResultPath, map[string]any{"Cause": failure.cause})
	if err != nil {
		return outcome{}, err
	}
	return outcome{next: first.Next, data: after}, nil
}

// each runs an iterator on every item; it sees the item and nothing else.
func (r *runner) each(ctx context.Context, s state, data any) (any, error) {
	value, err := at(data, s.ItemsPath)
	if err != nil {
		return nil, err
	}
	items, ok := value.([]any)
	if !ok || s.Iterator == nil {
		return nil, &runtimeError{cause: "the items of a Map have to be an array, and it needs an Iterator"}
	}
	results := make([]any, 0, len(items))
	for _, item := range items {
		result, err := r.run(ctx, *s.Iterator, item)
		if err != nil {
			return nil, err
		}
		if !result.Succeeded {
			e := &runtimeError{cause: result.Message}
			if result.RunAgain {
				e.status = http.StatusTooManyRequests
			}
			return nil, e
		}
		results = append(results, result.Data)
	}
	return results, nil
}

func orElse(value, other any) any {
	if value != nil {
		return value
	}
	return other
}
