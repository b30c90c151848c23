// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package rulestest

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/grafana/loki/v3/pkg/logql/syntax"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const runbooks = repository + "/docs/runbooks"

// query is one of a guide, for whoever reads it to paste.
type query struct{ file, language, text string }

// queryBlock is a block of code with queries, also as part of a list.
var queryBlock = regexp.MustCompile("(?s)\n *```(promql|logql)\n(.*?)\n *```\n")

// queries returns those of all guides. A block has one, or one in each line.
func queries(t *testing.T) []query {
	t.Helper()
	var found []query
	err := filepath.WalkDir(repository+"/docs", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".md" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, block := range queryBlock.FindAllStringSubmatch(string(text), -1) {
			all := strings.Split(strings.TrimSpace(block[2]), "\n")
			if parses(block[1], block[2]) == nil {
				all = []string{block[2]}
			}
			for _, one := range all {
				found = append(found, query{path, block[1], one})
			}
		}
		return err
	})
	require.NoError(t, err)
	return found
}

func parses(language, text string) error {
	if language == "logql" {
		_, err := syntax.ParseExpr(text)
		return err
	}
	_, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	return err
}

func TestWhatTheGuidesAskCanBeAsked(t *testing.T) {
	asked := map[string]int{}
	for _, query := range queries(t) {
		require.NoError(t, parses(query.language, query.text), "%s: %s", query.file, query.text)
		asked[query.language]++
	}
	assert.Greater(t, asked["promql"], 10)
	assert.Greater(t, asked["logql"], 5)
}

// ofLoki are metrics of Loki that no panel shows: those of panels are scraped by the tests of
// the dashboards.
var ofLoki = []string{
	"loki_boltdb_shipper_compact_tables_operation_total", // github.com/grafana/loki/v3/pkg/compactor
	"loki_boltdb_shipper_compactor_running",              // the same
	"loki_compactor_apply_retention_operation_total",     // the same
	"loki_request_duration_seconds",                      // github.com/grafana/dskit/server
}

// inline is a metric of the collector in a sentence.
var inline = regexp.MustCompile("`(otelcol_[a-z_]+)")

// A metric that was renamed would show as nothing, and nothing reads as all well.
func TestTheRunbooksAskForMetricsThatThereAre(t *testing.T) {
	known := metricNames(t)
	asked := map[string]bool{}
	for _, query := range queries(t) {
		if query.language != "promql" {
			continue
		}
		parsed, err := parser.NewParser(parser.Options{}).ParseExpr(query.text)
		require.NoError(t, err)
		parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
			if selector, ok := node.(*parser.VectorSelector); ok {
				asked[selector.Name] = true
			}
			return nil
		})
	}
	for _, name := range pages(t) {
		for _, match := range inline.FindAllStringSubmatch(read(t, runbooks+"/"+name+".md"), -1) {
			asked[match[1]] = true
		}
	}
	assert.Greater(t, len(asked), 15)
	for name := range asked {
		assert.True(t, known(name), "nobody has a metric %s", name)
	}
}

// metricNames returns whether a metric is declared by a component, shown by a panel, recorded
// by a rule, or one of Loki's.
func metricNames(t *testing.T) func(name string) bool {
	t.Helper()
	var declared, panels strings.Builder
	for _, pattern := range []string{"receivers", "processors", "collector-components", "internal"} {
		files, err := filepath.Glob(repository + "/" + pattern + "/*/metadata.yaml")
		require.NoError(t, err)
		for _, file := range files {
			declared.WriteString(read(t, file))
		}
	}
	files, err := filepath.Glob(repository + "/dashboards/integration-*.json")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		panels.WriteString(read(t, file))
	}
	recorded := slices.Clone(ofLoki)
	files, err = filepath.Glob(repository + "/config/prometheus/rules/*.yaml")
	require.NoError(t, err)
	for _, file := range files {
		groups, errs := rulefmt.ParseFile(file, false, model.UTF8Validation, parser.NewParser(parser.Options{}), nil)
		require.Empty(t, errs)
		for _, group := range groups.Groups {
			for _, rule := range group.Rules {
				recorded = append(recorded, rule.Record)
			}
		}
	}
	return func(name string) bool {
		if slices.Contains(recorded, name) || regexp.MustCompile(`\b`+name+`\b`).MatchString(panels.String()) {
			return true
		}
		name = strings.TrimSuffix(strings.TrimPrefix(name, "otelcol_"), "_bucket")
		return strings.Contains(declared.String(), "\n    "+name+":\n")
	}
}

// command is what works in one of the ways to run the collector only.
var command = regexp.MustCompile(`journalctl|systemctl|docker|kubectl|localhost:|\$compose|\bdf -h|\./data\b`)

// A command that works in one deployment misleads whoever has another, at the worst time. So
// the pages say what to look at, and one table how.
func TestTheRunbooksLeaveTheHowToTheTable(t *testing.T) {
	for _, name := range pages(t) {
		text := read(t, runbooks+"/"+name+".md")
		assert.Contains(t, text, "(README.md#how-to-look)", name)
		assert.Empty(t, command.FindAllString(text, -1), name)
	}
}

// The table names what there is.
func TestTheTableNamesWhatIsDeployed(t *testing.T) {
	table := read(t, runbooks+"/README.md")
	var compose struct {
		Name     string
		Services map[string]struct{ Ports []string }
		Networks map[string]any
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, repository+"/config/compose.yaml")), &compose))
	services := regexp.MustCompile(`\$compose (?:exec|cp|restart|logs -n \d+) (\w+)`).FindAllStringSubmatch(table, -1)
	services = append(services, regexp.MustCompile(`curl -s (?:'?)(collector|loki|prometheus):`).FindAllStringSubmatch(table, -1)...)
	require.Greater(t, len(services), 8)
	for _, match := range services {
		assert.Contains(t, compose.Services, match[1])
	}
	networks := regexp.MustCompile(`--network (\S+)`).FindAllStringSubmatch(table, -1)
	require.Len(t, networks, len(compose.Networks))
	for _, match := range networks {
		assert.Contains(t, compose.Networks, strings.TrimPrefix(match[1], compose.Name+"_"))
	}
	for _, unit := range []string{"integrationlog", "otelcol-integrationlog"} {
		assert.Contains(t, table, "`"+unit+"`")
		assert.FileExists(t, repository+"/config/systemd/"+unit+".service")
	}
	for _, set := range regexp.MustCompile("`(integration-log-(?:push|pull))`").FindAllStringSubmatch(table, -1) {
		assert.DirExists(t, repository+"/config/kubernetes/"+strings.TrimPrefix(set[1], "integration-log-"))
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
