// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package lokiapi knows the form of questions to Loki's HTTP API and of its answers, as
// far as several components need it.
package lokiapi // import "github.com/integrationlog/integrationlog/internal/lokiapi"

import (
	"errors"
	"strconv"
	"strings"
)

// Paths of the API, below the base URL.
const (
	QueryPath      = "/loki/api/v1/query"
	QueryRangePath = "/loki/api/v1/query_range"
	SeriesPath     = "/loki/api/v1/series"
)

// ErrNotLoki means that the answer to a query has not the form of Loki's.
var ErrNotLoki = errors.New("the query was answered, but not by Loki")

// Quote returns text as a string of LogQL. What is no UTF-8 becomes U+FFFD, since LogQL
// takes nothing else.
func Quote(text string) string { return strconv.Quote(strings.ToValidUTF8(text, "\uFFFD")) }
