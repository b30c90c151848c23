// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"regexp"
	"strconv"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	podsecurityapi "k8s.io/pod-security-admission/api"
	podsecurity "k8s.io/pod-security-admission/policy"
)

const (
	mebibyte = 1 << 20
	// minVolume is what the volume has to hold: the queue, the dead-letter files, what has
	// to be free for webhooks to be taken, and as much again of the state.
	minVolume = (1024 + 16*64 + 256 + 256) * mebibyte
	// healthPort answers 500 while Loki is away, and yet webhooks are taken.
	healthPort = "13133"
)

var (
	pinned       = regexp.MustCompile(`^(ghcr\.io/integrationlog|registry\.example\.com)/otelcol-integrationlog(:\d+\.\d+\.\d+|@sha256:[0-9a-f]{64})$`)
	secretByName = regexp.MustCompile(`SECRET|TOKEN|PASSWORD|AUTHORIZATION|CLIENT_ID`)
)

func checkPods(all objects, found *problems) {
	for _, set := range of[*appsv1.StatefulSet](all) {
		checkPodSecurity(set, found)
		pod := set.Spec.Template.Spec
		found.must(pod.AutomountServiceAccountToken != nil && !*pod.AutomountServiceAccountToken, "%s has a token for the API server", set.Name)
		found.must(set.Labels["app.kubernetes.io/component"] != "pull" || *set.Spec.Replicas == 1, "%s must have one replica: each fetches all", set.Name)
		found.must(*pod.TerminationGracePeriodSeconds >= 45, "%s has no time to end a push of 30s", set.Name)
		retention := set.Spec.PersistentVolumeClaimRetentionPolicy
		found.must(retention != nil && retention.WhenDeleted == "Retain" && retention.WhenScaled == "Retain", "the queue of %s is deleted", set.Name)
		for _, container := range pod.Containers {
			checkContainer(set, container, found)
		}
	}
}

// checkPodSecurity asks Kubernetes' own policies for the level "restricted".
func checkPodSecurity(set *appsv1.StatefulSet, found *problems) {
	evaluator, err := podsecurity.NewEvaluator(podsecurity.DefaultChecks(), nil)
	if err != nil {
		found.add("pod security: %v", err)
		return
	}
	restricted := podsecurityapi.LevelVersion{Level: podsecurityapi.LevelRestricted, Version: podsecurityapi.LatestVersion()}
	results := evaluator.EvaluatePod(restricted, &set.Spec.Template.ObjectMeta, &set.Spec.Template.Spec)
	if aggregate := podsecurity.AggregateCheckResults(results); !aggregate.Allowed {
		found.add("%s is not restricted: %s", set.Name, aggregate.ForbiddenDetail()+aggregate.ForbiddenReason())
	}
}

func checkContainer(set *appsv1.StatefulSet, container corev1.Container, found *problems) {
	found.must(pinned.MatchString(container.Image), "image %s is not pinned", container.Image)
	readOnly := container.SecurityContext.ReadOnlyRootFilesystem
	found.must(readOnly != nil && *readOnly, "%s: its root file system can be written", set.Name)
	for _, variable := range container.Env {
		found.must(variable.Value == "" || !secretByName.MatchString(variable.Name), "%s is a secret and stands in the manifest", variable.Name)
	}
	checkProbe(set.Name, "startup", container, container.StartupProbe, found)
	checkProbe(set.Name, "liveness", container, container.LivenessProbe, found)
	checkProbe(set.Name, "readiness", container, container.ReadinessProbe, found)
	checkMemory(set.Name, container, found)
	checkVolume(set, container, found)
}

func checkProbe(set, name string, container corev1.Container, probe *corev1.Probe, found *problems) {
	if probe == nil {
		found.add("%s has no %s probe", set, name)
		return
	}
	var port string
	switch {
	case probe.HTTPGet != nil:
		port = probe.HTTPGet.Port.String()
	case probe.TCPSocket != nil:
		port = probe.TCPSocket.Port.String()
	default:
		found.add("%s: the %s probe asks nobody", set, name)
		return
	}
	found.must(port != healthPort, "%s: the %s probe asks after health", set, name)
	found.must(hasPort(container, port), "%s: the %s probe asks no port %s", set, name, port)
}

// hasPort says whether a container has a port of this name or number.
func hasPort(container corev1.Container, port string) bool {
	for _, candidate := range container.Ports {
		if candidate.Name == port || strconv.Itoa(int(candidate.ContainerPort)) == port {
			return true
		}
	}
	return false
}

// checkMemory sees to it that the memory limiter refuses before Go's garbage collector works
// without end, and that before the kernel kills.
func checkMemory(set string, container corev1.Container, found *problems) {
	limiter, err := strconv.Atoi(environment(container)["INTEGRATIONLOG_MEMORY_LIMIT_MIB"])
	soft, err2 := resource.ParseQuantity(strings.TrimSuffix(environment(container)["GOMEMLIMIT"], "B"))
	limit, limited := container.Resources.Limits[corev1.ResourceMemory]
	if err != nil || err2 != nil || !limited {
		found.add("%s: memory is not limited by all of memory_limiter, GOMEMLIMIT and the container", set)
		return
	}
	found.must(int64(limiter)*mebibyte < soft.Value(), "%s: memory_limiter comes after GOMEMLIMIT", set)
	found.must(soft.Value() < limit.Value()*9/10, "%s: GOMEMLIMIT is nearly the memory limit, or above it", set)
	_, requested := container.Resources.Requests[corev1.ResourceCPU]
	found.must(requested, "%s requests no CPU", set)
}

func checkVolume(set *appsv1.StatefulSet, container corev1.Container, found *problems) {
	for _, claim := range set.Spec.VolumeClaimTemplates {
		size := claim.Spec.Resources.Requests[corev1.ResourceStorage]
		found.must(size.Value() >= minVolume, "%s: a volume of %s is too small for queue, state and dead letters", set.Name, size.String())
		for _, mount := range container.VolumeMounts {
			if mount.Name == claim.Name {
				found.must(mount.MountPath == environment(container)["INTEGRATIONLOG_DATA_DIR"], "%s: its data is not on the volume", set.Name)
			}
		}
	}
	found.must(len(set.Spec.VolumeClaimTemplates) == 1, "%s has not one volume", set.Name)
}

// environment returns the variables that stand in the manifest.
func environment(container corev1.Container) map[string]string {
	values := make(map[string]string, len(container.Env))
	for _, variable := range container.Env {
		values[variable.Name] = variable.Value
	}
	return values
}
