// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// problems are what the rules find, each in a sentence.
type problems []string

func (p *problems) add(format string, arguments ...any) {
	*p = append(*p, fmt.Sprintf(format, arguments...))
}

// must adds a problem unless the condition holds.
func (p *problems) must(condition bool, format string, arguments ...any) {
	if !condition {
		p.add(format, arguments...)
	}
}

var rules = map[string]func(objects, *problems){
	"pods":      checkPods,
	"names":     checkNames,
	"selectors": checkSelectors,
	"exposure":  checkExposure,
	"egress":    checkEgress,
}

// check holds the objects against every rule.
func check(all objects) problems {
	var found problems
	for _, rule := range rules {
		rule(all, &found)
	}
	slices.Sort(found)
	return found
}

func TestEveryVariantKeepsTheRules(t *testing.T) {
	for variant := range variants {
		t.Run(variant, func(t *testing.T) {
			assert.Empty(t, check(build(t, variant)))
		})
	}
}

// mutant is an installation that is about to be spoilt.
type mutant struct {
	push, pull *appsv1.StatefulSet
	webhooks   *corev1.Service
	pod        *corev1.PodSpec   // of push
	container  *corev1.Container // of push
}

// Each rule finds what it is there for.
func TestARuleFindsWhatIsMutated(t *testing.T) {
	mutations := map[string]struct {
		problem string
		mutate  func(mutant)
	}{
		"floating image":   {"is not pinned", func(m mutant) { m.container.Image = "ghcr.io/integrationlog/otelcol-integrationlog:latest" }},
		"root":             {"runAsNonRoot != true", func(m mutant) { m.pod.SecurityContext.RunAsNonRoot = nil }},
		"capabilities":     {"unrestricted capabilities", func(m mutant) { m.container.SecurityContext.Capabilities = nil }},
		"seccomp":          {"seccompProfile", func(m mutant) { m.pod.SecurityContext.SeccompProfile = nil }},
		"writable root":    {"root file system can be written", func(m mutant) { m.container.SecurityContext.ReadOnlyRootFilesystem = new(false) }},
		"token":            {"token for the API server", func(m mutant) { m.pod.AutomountServiceAccountToken = nil }},
		"no probe":         {"has no liveness probe", func(m mutant) { m.container.LivenessProbe = nil }},
		"probe of no port": {"no port http", func(m mutant) { m.container.ReadinessProbe.TCPSocket.Port = intstr.FromString("http") }},
		"probe of health":  {"asks after health", func(m mutant) { m.container.ReadinessProbe.TCPSocket.Port = intstr.FromInt32(13133) }},
		"no memory limit":  {"memory is not limited", func(m mutant) { delete(m.container.Resources.Limits, corev1.ResourceMemory) }},
		"memory too tight": {"GOMEMLIMIT is nearly", func(m mutant) { m.container.Resources.Limits[corev1.ResourceMemory] = resource.MustParse("512Mi") }},
		"volume too small": {"volume of 1Gi is too small", func(m mutant) { resize(m.push, "1Gi") }},
		"queue is deleted": {"queue of integration-log-pull is deleted", func(m mutant) { m.pull.Spec.PersistentVolumeClaimRetentionPolicy = nil }},
		"data off volume":  {"not on the volume", func(m mutant) { m.container.VolumeMounts[1].MountPath = "/data" }},
		"second puller":    {"must have one replica", func(m mutant) { m.pull.Spec.Replicas = new(int32(2)) }},
		"no time to end":   {"no time to end", func(m mutant) { m.pod.TerminationGracePeriodSeconds = new(int64(30)) }},
		"secret in the open": {"ZIS_TOKEN is a secret", func(m mutant) {
			m.container.Env = append(m.container.Env, corev1.EnvVar{Name: "ZIS_TOKEN", Value: "0123"})
		}},
		"no such ConfigMap":  {"ConfigMap other", func(m mutant) { m.pod.Volumes[0].ConfigMap.Name = "other" }},
		"no such Secret":     {"Secret other", func(m mutant) { m.container.EnvFrom[1].SecretRef.Name = "other" }},
		"no such Service":    {"has no headless Service", func(m mutant) { m.pull.Spec.ServiceName = "integration-log-webhooks" }},
		"no such account":    {"ServiceAccount other", func(m mutant) { m.pod.ServiceAccountName = "other" }},
		"Service of nothing": {"selects no pod", func(m mutant) { m.webhooks.Spec.Selector["app.kubernetes.io/component"] = "other" }},
		"Service of both":    {"selects no pod, or those of both", func(m mutant) { delete(m.webhooks.Spec.Selector, "app.kubernetes.io/component") }},
		"Service of no port": {"no port web", func(m mutant) { m.webhooks.Spec.Ports[0].TargetPort = intstr.FromString("web") }},
		"other namespace":    {"is in namespace", func(m mutant) { m.webhooks.Namespace = "default" }},
	}
	for name, mutation := range mutations {
		t.Run(name, func(t *testing.T) {
			all := build(t, "example")
			m := mutant{
				push:     named[*appsv1.StatefulSet](t, all, "integration-log-push"),
				pull:     named[*appsv1.StatefulSet](t, all, "integration-log-pull"),
				webhooks: named[*corev1.Service](t, all, "integration-log-webhooks"),
			}
			m.pod = &m.push.Spec.Template.Spec
			m.container = &m.pod.Containers[0]
			mutation.mutate(m)

			assertFound(t, check(all), mutation.problem)
		})
	}
}

func resize(set *appsv1.StatefulSet, size string) {
	set.Spec.VolumeClaimTemplates[0].Spec.Resources.Requests[corev1.ResourceStorage] = resource.MustParse(size)
}

// mutation is a change to the text of a variant's manifests, with the problem that it makes.
type mutation struct{ variant, old, mutated, problem string }

// assertMutationsFound makes each change, and requires that the rules find its problem.
func assertMutationsFound(t *testing.T, mutations map[string]mutation) {
	t.Helper()
	for name, m := range mutations {
		t.Run(name, func(t *testing.T) {
			manifests := string(render(t, tree(t), m.variant))
			require.Contains(t, manifests, m.old)
			all := decode(t, []byte(strings.ReplaceAll(manifests, m.old, m.mutated)))

			assertFound(t, check(all), m.problem)
		})
	}
}

func assertFound(t *testing.T, found problems, problem string) {
	t.Helper()
	among := slices.ContainsFunc(found, func(candidate string) bool { return strings.Contains(candidate, problem) })
	assert.True(t, among, "%q is not among %q", problem, found)
}

// selects says whether a selector takes a set of labels. A faulty one takes none.
func selects(selector *metav1.LabelSelector, of map[string]string) bool {
	parsed, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(labels.Set(of))
}
