// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package grafana

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The results are those of formatRegistry in @grafana/scenes 9.2.2, of interpolateQueryExpr
// in @grafana/prometheus 13.1.4 and of the one in grafana-loki-datasource 13.1, which were
// run with these values.
func TestFormats(t *testing.T) {
	one := Definition{Name: "v"}
	several := Definition{Name: "v", Multi: true}
	quotes := []string{"it's \"q\" \\ `x`"}
	special := []string{`(a|b).*[c]{2}^$?+`}
	two := []string{"zis", "actions"}
	for _, test := range []struct {
		variable Definition
		values   []string
		format   string
		want     string
	}{
		{one, []string{"zis"}, "${v}", `zis`},
		{several, []string{"zis"}, "${v}", `zis`},
		{several, two, "$v", `{zis,actions}`},
		{several, two, "${v:csv}", `zis,actions`},
		{several, two, "[[v:pipe]]", `zis|actions`},
		{several, two, "${v:raw}", `zis,actions`},
		{several, two, "${v:text}", `zis + actions`},
		{several, two, "${v:join:;}", `zis;actions`},
		{several, two, "${v:json}", `["zis","actions"]`},
		{several, []string{"a & <b>"}, "${v:json}", `["a & <b>"]`},
		{one, []string{"zis"}, "${v:json}", `zis`},
		{one, special, "${v:regex}", `\(a\|b\)\.\*\[c\]\{2\}\^\$\?\+`},
		{several, two, "${v:regex}", `(zis|actions)`},
		{several, []string{"a/b"}, "${v:regex}", `a\/b`},
		{one, quotes, "${v:doublequote}", "\"it's \\\"q\\\" \\ `x`\""},
		{one, quotes, "${v:singlequote}", "'it\\'s \"q\" \\ `x`'"},
		{several, two, "${v:doublequote}", `"zis","actions"`},
		{one, []string{"a b&c#d/e?f=g+h"}, "${v:percentencode}", `a%20b%26c%23d%2Fe%3Ff%3Dg%2Bh`},
		{one, []string{"a b&c#d/e?f=g+h"}, "${v:uriencode}", `a%20b&c#d/e?f=g+h`},
		{several, []string{"zis"}, "${v:percentencode}", `%7Bzis%7D`},
		{one, []string{"é ~!*'()@:;$,%"}, "${v:percentencode}", `%C3%A9%20~%21%2A%27%28%29%40%3A%3B%24%2C%25`},
		{one, []string{"é ~!*'()@:;$,%"}, "${v:uriencode}", `%C3%A9%20~%21%2A%27%28%29@:;$,%25`},
		{one, []string{"é ~!*'()@:;$,%"}, "${v:queryparam}", `var-v=%C3%A9%20~%21%2A%27%28%29@:;$,%25`},
		{several, two, "${v:queryparam}", `var-v=zis&var-v=actions`},
		{one, []string{"1500"}, "${v:date:seconds}", `2`},
		{one, []string{"1500"}, "${v:date}", `1970-01-01T00:00:01.500Z`},
		{one, []string{"1500"}, "${v:date:ms}", `1500`},
		{one, []string{"soon"}, "${v:date}", `NaN`},
	} {
		scope := Scope{Variables: Variables{{Definition: test.variable, Values: test.values}}}
		got, err := scope.Interpolate(test.format, Glob)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%s of %q", test.format, test.values)
	}
}

func TestFormatsOfDataSources(t *testing.T) {
	one, several, orAll := Definition{Name: "v"}, Definition{Name: "v", Multi: true}, Definition{Name: "v", IncludeAll: true}
	for _, test := range []struct {
		variable         Definition
		values           []string
		loki, prometheus string
	}{
		{one, []string{"zis"}, `zis`, `zis`},
		{several, []string{"zis"}, `zis`, `zis`},
		{several, []string{"zis", "actions"}, `zis|actions`, `(zis|actions)`},
		{several, []string{"sunshine-conversations", "bot-builder"}, `sunshine-conversations|bot-builder`, `(sunshine-conversations|bot-builder)`},
		{one, []string{"it's \"q\" \\ `x`"}, "it's \"q\" \\ `x`", "it\\\\'s \"q\" \\\\ `x`"},
		{orAll, []string{"it's \"q\" \\ `x`"}, "it's \"q\" \\\\\\\\ `x`", "it's \"q\" \\\\\\\\ `x`"},
		{several, []string{`(a|b).*[c]{2}^$?+`}, `\\(a\\|b\\)\\.\\*\\[c\\]\\{2\\}\\^\\$\\?\\+`, `\\(a\\|b\\)\\.\\*\\[c\\]\\{2\\}\\^\\$\\?\\+`},
		{one, []string{`(a|b).*[c]{2}^$?+`}, `(a|b).*[c]{2}^$?+`, `(a|b).*[c]{2}^$?+`},
		{several, []string{"a,b", "c|d", `e"f`}, `a,b|c\\|d|e"f`, `(a,b|c\\|d|e"f)`},
		{one, []string{""}, ``, ``},
	} {
		scope := Scope{Variables: Variables{{Definition: test.variable, Values: test.values}}}
		got, err := scope.Interpolate("$v", Loki)
		require.NoError(t, err)
		assert.Equal(t, test.loki, got, "Loki: %q", test.values)
		got, err = scope.Interpolate("${v}", Prometheus)
		require.NoError(t, err)
		assert.Equal(t, test.prometheus, got, "Prometheus: %q", test.values)
		// A format in the text comes first.
		got, err = scope.Interpolate("${v:csv}", Loki)
		require.NoError(t, err)
		raw, err := scope.Interpolate("${v:raw}", Glob)
		require.NoError(t, err)
		assert.Equal(t, raw, got)
	}
}

func TestEverything(t *testing.T) {
	withValue := &Variable{Definition: Definition{Name: "status", Multi: true, IncludeAll: true, AllValue: ".*"}, Values: []string{All}, Options: []string{"info", "error"}}
	without := &Variable{Definition: Definition{Name: "product", Multi: true, IncludeAll: true}, Values: []string{All}, Options: []string{"zis", "web.hooks"}}
	scope := Scope{Variables: Variables{withValue, without, {Definition: Definition{Name: "search"}, Values: []string{""}}, {Definition: Definition{Name: "hidden", SkipURLSync: true}, Values: []string{"x"}}}}
	for text, want := range map[string]string{
		"$status":                 `.*`,
		"${status:regex}":         `.*`,
		"${status:percentencode}": `.%2A`,
		"${status:text}":          `All`,
		"${status:queryparam}":    `var-status=$__all`,
		"$product":                `zis|web\\.hooks`,
		"${product:text}":         `All`,
		"${product:queryparam}":   `var-product=$__all`,
		"${__all_variables}":      `var-status=$__all&var-product=$__all`,
		"${hidden:queryparam}":    ``,
	} {
		got, err := scope.Interpolate(text, Loki)
		require.NoError(t, err)
		assert.Equal(t, want, got, text)
	}
}

func TestUnknown(t *testing.T) {
	scope := Scope{Variables: Variables{{Definition: Definition{Name: "v"}, Values: []string{"x"}}}}
	for _, text := range []string{"$nobody", "${v:yaml}", "${__data.fields.x}", "${v.path}"} {
		_, err := scope.Interpolate(text, Glob)
		require.Error(t, err, text)
	}
	// The data source replaces these.
	got, err := scope.Interpolate("rate(x[$__rate_interval]) [$__auto] ${__range}", Prometheus)
	require.NoError(t, err)
	assert.Equal(t, "rate(x[$__rate_interval]) [$__auto] ${__range}", got)
}
