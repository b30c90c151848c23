// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package compose

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const (
	root     = "../../.."
	config   = root + "/config"
	file     = config + "/compose.yaml"
	otlpFile = config + "/compose.otlp.yaml"
	pageFile = config + "/compose.page.yaml"
	examples = config + "/.env.example"
)

// needed are the variables without which nothing starts.
var needed = map[string]string{"GF_SECURITY_ADMIN_PASSWORD": "not-a-password", "ALERT_WEBHOOK_URL": "https://alerts.example.com/hook"}

// load reads the file, and others that are put on top of it, as Compose does, with these
// variables and no others. What the schema does not know is an error.
func load(t *testing.T, variables map[string]string, others ...string) (*types.Project, error) {
	t.Helper()
	environment := make([]string, 0, len(variables))
	for name, value := range variables {
		environment = append(environment, name+"="+value)
	}
	options, err := cli.NewProjectOptions(append([]string{file}, others...), cli.WithEnv(environment), cli.WithResolvedPaths(true))
	require.NoError(t, err)
	return options.LoadProject(t.Context())
}

func project(t *testing.T) *types.Project {
	t.Helper()
	p, err := load(t, needed)
	require.NoError(t, err)
	require.Len(t, p.Services, 5)
	return p
}

func with(variables map[string]string, name, value string) map[string]string {
	changed := maps.Clone(variables)
	changed[name] = value
	return changed
}

// variable is a variable that the file takes.
type variable struct {
	// fallback is its default.
	fallback string
	// required says that it must be set.
	required bool
}

// variables returns what a file takes from its environment: what it interpolates, what
// services and secrets get under the same name.
func variables(t *testing.T, file string) map[string]variable {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var parsed map[string]any
	require.NoError(t, yaml.Unmarshal(text, &parsed))
	found := map[string]variable{}
	for name, v := range template.ExtractVariables(parsed, template.DefaultPattern) {
		found[name] = variable{fallback: v.DefaultValue, required: v.Required}
	}
	var names struct {
		Services map[string]struct{ Environment map[string]any }
		Secrets  map[string]struct{ Environment string }
	}
	require.NoError(t, yaml.Unmarshal(text, &names))
	for _, service := range names.Services {
		for name, value := range service.Environment {
			if value == nil {
				found[name] = variable{}
			}
		}
	}
	for _, secret := range names.Secrets {
		found[secret.Environment] = variable{required: found[secret.Environment].required}
	}
	require.NotEmpty(t, found)
	return found
}

// assignment is a line of .env.example; a variable that has a default is a comment there.
var assignment = regexp.MustCompile(`(?m)^(#?)([A-Z][A-Z0-9_]*)=(.*)$`)

// documented returns the variables of .env.example with their values, and which of them
// are comments.
func documented(t *testing.T) (values map[string]string, commented []string) {
	t.Helper()
	text, err := os.ReadFile(examples)
	require.NoError(t, err)
	values = map[string]string{}
	for _, line := range assignment.FindAllStringSubmatch(string(text), -1) {
		require.NotContains(t, values, line[2])
		values[line[2]] = line[3]
		if line[1] != "" {
			commented = append(commented, line[2])
		}
	}
	slices.Sort(commented)
	return values, commented
}

// mounted returns the source of what a service sees at the path, or "".
func mounted(service *types.ServiceConfig, target string) string {
	for _, volume := range service.Volumes {
		if volume.Type != types.VolumeTypeBind {
			continue
		}
		if volume.Target == target {
			return volume.Source
		}
		if below, ok := strings.CutPrefix(target, volume.Target+"/"); ok {
			return filepath.Join(volume.Source, filepath.FromSlash(below))
		}
	}
	return ""
}
