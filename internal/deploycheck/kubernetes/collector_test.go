// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"cmp"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// Kustomize reads no file outside of its directory, so two are copies.
func TestTheConfigurationIsTheShippedOne(t *testing.T) {
	for _, name := range []string{"gateway.yaml", "products.yaml"} {
		shipped := filepath.Join(repository, "config", name)
		copied := filepath.Join(repository, "config", "kubernetes", "collector", name)
		assert.Equal(t, readFile(t, shipped), readFile(t, copied), "make generate copies it")
	}
}

// The collector's own check of what a pod of each kind gets.
func TestTheCollectorTakesTheConfiguration(t *testing.T) {
	for _, variant := range []string{"example", "otlp"} {
		for _, name := range []string{"push", "pull"} {
			t.Run(variant+" "+name, func(t *testing.T) {
				pod := podOf(t, variant, name)
				pod.environment["OTLP_TOKEN"] = "not-a-secret"

				output, err := pod.command(t, "validate").CombinedOutput()

				require.NoError(t, err, "%s", output)
			})
		}
	}
}

// A misspelt setting would be noticed.
func TestTheCollectorRefusesAnotherConfiguration(t *testing.T) {
	pod := podOf(t, "example", "push")
	config := filepath.Join(pod.files, "gateway.yaml")
	writeFile(t, config, strings.Replace(readFile(t, config), "limit_mib:", "limit_mb:", 1))

	output, err := pod.command(t, "validate").CombinedOutput()

	require.Error(t, err)
	assert.Contains(t, string(output), "limit_mb")
}

// pod is what a container of a StatefulSet gets, on this machine.
type pod struct {
	container   corev1.Container
	files       string // the directory of the files that its ConfigMap is
	environment map[string]string
}

// podOf returns the pod of one of the collectors of a variant. Its data is in a directory of
// the test instead of the volume. A Secret that the variant has not is that of the example.
func podOf(t *testing.T, variant, name string) pod {
	t.Helper()
	all := build(t, variant)
	set := named[*appsv1.StatefulSet](t, all, "integration-log-"+name)
	container := set.Spec.Template.Spec.Containers[0]
	result := pod{container: container, files: t.TempDir(), environment: make(map[string]string)}

	config := named[*corev1.ConfigMap](t, all, set.Spec.Template.Spec.Volumes[0].ConfigMap.Name)
	for file, text := range config.Data {
		writeFile(t, filepath.Join(result.files, file), text)
	}
	secrets := of[*corev1.Secret](append(all, build(t, "example")...))
	for _, source := range container.EnvFrom {
		if source.ConfigMapRef != nil {
			maps.Copy(result.environment, named[*corev1.ConfigMap](t, all, source.ConfigMapRef.Name).Data)
		}
		for _, secret := range secrets {
			if source.SecretRef != nil && strings.HasPrefix(secret.Name, cmp.Or(source.SecretRef.Name, "none")) {
				for variable, value := range secret.Data {
					result.environment[variable] = string(value)
				}
			}
		}
	}
	maps.Copy(result.environment, environment(container))
	result.environment["INTEGRATIONLOG_DATA_DIR"] = t.TempDir()
	return result
}

// command runs the collector as the pod does, or another of its commands.
func (p pod) command(t *testing.T, subcommand ...string) *exec.Cmd {
	t.Helper()
	arguments := subcommand
	mounted := p.container.VolumeMounts[0].MountPath
	for _, argument := range p.container.Args {
		arguments = append(arguments, strings.Replace(argument, mounted, p.files, 1))
	}
	command := exec.CommandContext(t.Context(), collector(t), arguments...)
	// Nothing of this machine's own variables, as in an image.
	command.Env = []string{"HOME=/nonexistent"}
	for variable, value := range p.environment {
		command.Env = append(command.Env, variable+"="+value)
	}
	return command
}

var buildCollector = sync.OnceValues(func() (string, error) {
	directory, err := os.MkdirTemp("", "collector-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(directory, "otelcol-integrationlog")
	command := exec.Command("go", "build", "-o", binary, "./cmd/otelcol-integrationlog")
	command.Dir = repository
	command.Stderr = os.Stderr
	return binary, command.Run()
})

// collector returns the path of the program, built from this tree.
func collector(t *testing.T) string {
	t.Helper()
	binary, err := buildCollector()
	require.NoError(t, err)
	return binary
}

func TestMain(m *testing.M) {
	m.Run()
	if binary, err := buildCollector(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary)) // of the system's temporary files
	}
}
