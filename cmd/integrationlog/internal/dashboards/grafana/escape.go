// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/dashboards/grafana"

import (
	"regexp"
	"strings"
)

// specials have a meaning in regular expressions. A query has them in a text in double
// quotes, so that each needs two backslashes there.
var specials = regexp.MustCompile(`[$^*{}\[\]+?.()|]`)

// escapeTwice escapes a value for a regular expression within double quotes. It leaves
// quotes alone, as the data sources do.
func escapeTwice(value string) string {
	return specials.ReplaceAllString(strings.ReplaceAll(value, `\`, `\\\\`), `\\$0`)
}

func escapeAll(values []string) []string {
	escaped := make([]string, len(values))
	for i, value := range values {
		escaped[i] = escapeTwice(value)
	}
	return escaped
}

// Loki is the format of queries of the Loki data source: a value of a variable that can
// have one value is left as it is, quotes and all; any other is escaped, and several
// become a|b.
func Loki(values []string, _ bool, v *Variable) string {
	if !v.Multi && !v.IncludeAll {
		return strings.Join(values, ",")
	}
	return strings.Join(escapeAll(values), "|")
}

// Prometheus is the format of queries of the Prometheus data source, without its feature
// toggle prometheusSpecialCharsInLabelValues, which is off by default: several values
// become (a|b), and double quotes are not escaped.
func Prometheus(values []string, list bool, v *Variable) string {
	if !v.Multi && !v.IncludeAll {
		return strings.NewReplacer(`\`, `\\`, `'`, `\\'`).Replace(strings.Join(values, ","))
	}
	escaped := strings.Join(escapeAll(values), "|")
	if list && len(values) != 1 {
		return "(" + escaped + ")"
	}
	return escaped
}
