// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

const repository = "../../.."

// variants are the ways to put the components together. Each is a kustomization beside
// the others, as an installation's own would be.
var variants = map[string]string{
	"base":    "resources: [../base]",
	"example": "resources: [../example]",
	"ingress": "resources: [../base]\ncomponents: [../components/ingress, ../components/prometheus-operator]",
	"cilium":  "resources: [../base]\ncomponents: [../components/gateway-api, ../components/cilium]",
	"otlp":    "resources: [../base]\ncomponents: [../components/otlp]",
	"scaled":  "resources: [../base]\nreplicas: [{name: integration-log-push, count: 3}]",
}

// build returns the objects of a variant, as kubectl apply -k would send them.
func build(t *testing.T, variant string) objects {
	t.Helper()
	return decode(t, render(t, tree(t), variant))
}

// tree returns a copy of config/kubernetes, with the secrets that an installation brings.
func tree(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.CopyFS(root, os.DirFS(repository+"/config/kubernetes")))
	for _, collector := range []string{"push", "pull"} {
		var filled strings.Builder
		for line := range strings.Lines(readFile(t, filepath.Join(root, "example", collector+".env.example"))) {
			variable, value, isVariable := strings.Cut(line, "=")
			if isVariable && !strings.HasPrefix(variable, "#") {
				require.Equal(t, "\n", value, "%s has a value in the example", variable)
				filled.WriteString(variable + "=" + cmp.Or(secrets[variable], "not-a-secret") + "\n")
			}
		}
		writeFile(t, filepath.Join(root, "example", collector+".env"), filled.String())
	}
	return root
}

// secrets are what an installation fills in that must be more than any text. Nobody
// answers at these addresses.
var secrets = map[string]string{
	"ZENDESK_URL":                  "https://localhost:1",
	"SALESFORCE_LOGIN_URL":         "https://localhost:1",
	"SALESFORCE_INTEGRATION_USERS": "005000000000001AAA",
	"SALESFORCE_ACCOUNT_FIELDS":    "Name,Phone",
	"SALESFORCE_CONTACT_FIELDS":    "Email",
	"SALESFORCE_LEAD_FIELDS":       "Email",
}

// render builds a variant.
func render(t *testing.T, root, variant string) []byte {
	t.Helper()
	directory := filepath.Join(root, "variant")
	require.NoError(t, os.MkdirAll(directory, 0o755))
	writeFile(t, filepath.Join(directory, "kustomization.yaml"), variants[variant])
	return run(t, directory)
}

// run builds a directory with Kustomize's defaults: no file from outside of it, no plugins.
func run(t *testing.T, directory string) []byte {
	t.Helper()
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), directory)
	require.NoError(t, err)
	text, err := built.AsYaml()
	require.NoError(t, err)
	return text
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

// What an installation fills in does not get into the repository by mistake.
func TestGitIgnoresSecrets(t *testing.T) {
	for _, name := range []string{"push.env", "pull.env"} {
		command := exec.CommandContext(t.Context(), "git", "check-ignore", "config/kubernetes/example/"+name)
		command.Dir = repository
		require.NoError(t, command.Run(), name)
	}
}
