// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package loki // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/loki"

import (
	"strconv"
	"time"

	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/activities"
	"github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/logql"
	"github.com/integrationlog/integrationlog/internal/activity"
)

// queryOf is the query of a filter.
func queryOf(filter activities.Filter) logql.Query {
	query := narrow(logql.Select(
		logql.Choice{Name: namespaceName, Values: []string{activity.ServiceNamespace}},
		logql.Choice{Name: productName, Values: filter.Products},
		logql.Choice{Name: statusName, Values: filter.Statuses},
	), filter)
	if filter.Search != "" {
		query = query.WhereLineOr(errorTextName, filter.Search)
	}
	return query
}

// narrow applies what needs no text to be searched: what few activities have comes first, so
// that Loki is done with the others soon.
func narrow(query logql.Query, filter activities.Filter) logql.Query {
	query = query.Where(
		logql.Choice{Name: objectIDName, Values: given(filter.ObjectID)},
		logql.Choice{Name: errorCodeName, Values: given(filter.ErrorCode)},
		logql.Choice{Name: errorTypeName, Values: given(filter.ErrorType)},
		logql.Choice{Name: httpStatusName, Values: givenNumber(filter.HTTPStatusCode)},
		logql.Choice{Name: integrationName, Values: filter.Integrations},
		logql.Choice{Name: typeName, Values: filter.Types},
		logql.Choice{Name: accountName, Values: filter.Accounts},
		logql.Choice{Name: objectTypeName, Values: given(filter.ObjectType)},
	)
	for _, field := range filter.Without {
		query = query.Where(logql.Choice{Name: fieldNames[field], Values: []string{""}})
	}
	return query
}

// fieldNames are the names that Loki has for what activities may lack. To Loki an entry that
// has no such name has it with an empty value.
var fieldNames = map[activities.Field]string{
	activities.FieldType:           typeName,
	activities.FieldIntegration:    integrationName,
	activities.FieldErrorType:      errorTypeName,
	activities.FieldErrorCode:      errorCodeName,
	activities.FieldHTTPStatusCode: httpStatusName,
}

// given is the choice of a value, or of all if there is none.
func given(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}

func givenNumber(number int) []string {
	if number == 0 {
		return nil
	}
	return []string{strconv.Itoa(number)}
}

// span is a stretch of time, in nanoseconds: from the first to before the second.
type span struct{ start, end int64 }

func (s span) length() time.Duration { return time.Duration(s.end - s.start) }

const (
	// logLength is how long the log is, and what a filter without a start begins with.
	logLength = 7 * 24 * time.Hour
	// ahead is more than Loki lets records lie in the future, and an end for all filters.
	ahead = time.Hour
)

// timeOf is the time of a filter.
func timeOf(filter activities.Filter, now time.Time) span {
	start, end := filter.Start, filter.End
	if start.IsZero() {
		start = now.Add(-logLength)
	}
	if end.IsZero() {
		end = latest
	}
	s := span{start: clamp(start), end: min(clamp(end), now.Add(ahead).UnixNano())}
	s.end = max(s.end, s.start)
	return s
}

var (
	earliest = time.Unix(0, 0)
	latest   = time.Date(2261, time.January, 1, 0, 0, 0, 0, time.UTC) // near the last that nanoseconds can tell
)

func clamp(t time.Time) int64 {
	switch {
	case t.Before(earliest):
		return earliest.UnixNano()
	case t.After(latest):
		return latest.UnixNano()
	default:
		return t.UnixNano()
	}
}

// Query is the query of a filter in LogQL, for tests beside Loki's own parser.
func Query(filter activities.Filter) string { return queryOf(filter).String() }
