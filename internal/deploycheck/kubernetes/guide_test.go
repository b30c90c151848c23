// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

const guide = repository + "/docs/kubernetes.md"

// codeBlock is a block of YAML in the guide.
var codeBlock = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// patched builds the base with the block of the guide that has this in it.
func patched(t *testing.T, text string) objects {
	t.Helper()
	for _, block := range codeBlock.FindAllStringSubmatch(readFile(t, guide), -1) {
		if strings.Contains(block[1], text) {
			directory := filepath.Join(tree(t), "example")
			writeFile(t, filepath.Join(directory, "kustomization.yaml"), "resources: [../base]\n"+block[1])
			return decode(t, run(t, directory))
		}
	}
	require.Fail(t, "the guide has no block with "+text)
	return nil
}

// commented are the lines of the example that an installation may want.
var commented = regexp.MustCompile(`(?m)^ {2}# ([- ] )`)

// Without a line uncommented the example asks for nothing that a cluster may not have, and
// all of its lines together are what the API server takes.
func TestTheExampleIsForEveryCluster(t *testing.T) {
	root := tree(t)
	for _, object := range decode(t, render(t, root, "example")) {
		_, isKubernetes := validate(t, object)
		assert.True(t, isKubernetes, "%T", object)
	}

	file := filepath.Join(root, "example", "kustomization.yaml")
	writeFile(t, file, commented.ReplaceAllString(readFile(t, file), "  $1"))
	all := decode(t, render(t, root, "example"))
	assert.Equal(t, "gateway", string(named[*gatewayv1.HTTPRoute](t, all, "integration-log-webhooks").Spec.ParentRefs[0].Name))
	for _, labels := range []map[string]string{
		named[*monitoringv1.ServiceMonitor](t, all, "integration-log").Labels,
		named[*monitoringv1.PrometheusRule](t, all, "integration-log").Labels,
	} {
		assert.Equal(t, "kube-prometheus-stack", labels["release"])
	}
	assert.NotEmpty(t, of[*ciliumNetworkPolicy](all))
}

// Nobody publishes the image, so it comes from a registry of the installation's.
func TestTheExampleNamesAnotherRegistry(t *testing.T) {
	base := build(t, "base")
	for _, set := range of[*appsv1.StatefulSet](build(t, "example")) {
		published := named[*appsv1.StatefulSet](t, base, set.Name).Spec.Template.Spec.Containers[0].Image
		_, name, _ := strings.Cut(published, "integrationlog/")
		assert.Equal(t, "registry.example.com/"+name, set.Spec.Template.Spec.Containers[0].Image)
	}
}

// A key in place of Salesforce's secret is mounted where its variable says.
func TestTheGuideMountsAKey(t *testing.T) {
	set := named[*appsv1.StatefulSet](t, patched(t, "secretName: salesforce"), "integration-log-pull")
	pod := set.Spec.Template.Spec
	var secret *corev1.SecretVolumeSource
	for _, volume := range pod.Volumes {
		if volume.Name == "salesforce" {
			secret = volume.Secret
		}
	}
	require.NotNil(t, secret)
	assert.Equal(t, "salesforce", secret.SecretName)
	mount := pod.Containers[0].VolumeMounts[len(pod.Containers[0].VolumeMounts)-1]
	assert.Equal(t, corev1.VolumeMount{Name: "salesforce", MountPath: "/run/secrets/salesforce", ReadOnly: true}, mount)
	assert.Contains(t, readFile(t, guide), "SALESFORCE_PRIVATE_KEY_FILE="+mount.MountPath+"/salesforce.pem")
	assert.Contains(t, readFile(t, repository+"/config/kubernetes/example/pull.env.example"),
		"SALESFORCE_PRIVATE_KEY_FILE="+mount.MountPath+"/salesforce.pem")
}

// The collector takes what is set in place of the OAuth client's secret.
func TestTheCollectorTakesAKey(t *testing.T) {
	pod := podOf(t, "example", "pull")
	pod.environment["SALESFORCE_USERNAME"] = "log@acme.example"
	pod.environment["SALESFORCE_PRIVATE_KEY_FILE"] = "/run/secrets/salesforce/salesforce.pem"

	output, err := pod.command(t, "validate").CombinedOutput()
	require.Error(t, err)
	assert.Contains(t, string(output), "a secret and a key are given")

	delete(pod.environment, "SALESFORCE_CLIENT_SECRET")
	output, err = pod.command(t, "validate").CombinedOutput()
	require.NoError(t, err, "%s", output)
}
