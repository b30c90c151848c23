// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// lokiValues are the sections of the chart's values that become Loki's configuration.
type lokiValues struct {
	DeploymentMode string         `json:"deploymentMode"`
	Loki           map[string]any `json:"loki"`
	ResultsCache   map[string]any `json:"resultsCache"`
}

// What concerns the records is the same for every Loki.
func TestLokiByItsChartKeepsToTheConfigurationOfLoki(t *testing.T) {
	shipped := read[map[string]any](t, "config/loki.yaml")
	for _, file := range []string{"loki-ha.values.yaml", "loki-microservices.values.yaml"} {
		t.Run(file, func(t *testing.T) {
			values := read[lokiValues](t, "config/helm/"+file).Loki

			limits := section(t, shipped, "limits_config")
			limits["ingestion_rate_strategy"] = "global" // as config/loki.yaml says of several replicas
			// The chart has values for these; null brings Loki's defaults back.
			limits["max_cache_freshness_per_query"], limits["split_queries_by_interval"] = nil, nil
			assert.Equal(t, limits, section(t, values, "limits_config"))

			ingester := section(t, shipped, "ingester")
			delete(ingester, "lifecycler")                       // of a ring of one
			delete(ingester, "query_store_max_look_back_period") // Loki refuses it with an object store
			wal := section(t, ingester, "wal")
			wal["flush_on_shutdown"] = true // into a store that the others read too
			assert.Equal(t, ingester, section(t, values, "ingester"))

			compactor := section(t, shipped, "compactor")
			compactor["delete_request_store"] = "s3"
			assert.Equal(t, compactor, section(t, values, "compactor"))

			assert.Equal(t, section(t, shipped, "querier"), section(t, values, "querier"))
			assert.Equal(t, section(t, shipped, "query_range"), section(t, values, "query_range"))
			assert.Equal(t, section(t, shipped, "analytics"), section(t, values, "analytics"))
			assert.InDelta(t, 3, section(t, values, "commonConfig")["replication_factor"], 0)
			assert.Equal(t, false, values["auth_enabled"])
		})
	}
}

// Whoever goes from one to the other changes how Loki is deployed, and nothing of the log.
func TestTheModesOfLokiHaveOneConfiguration(t *testing.T) {
	ha, microservices := read[lokiValues](t, "config/helm/loki-ha.values.yaml"), read[lokiValues](t, "config/helm/loki-microservices.values.yaml")

	assert.Equal(t, "Monolithic", ha.DeploymentMode)
	assert.Equal(t, "Distributed", microservices.DeploymentMode)
	assert.Equal(t, ha.Loki, microservices.Loki)
	assert.Equal(t, ha.ResultsCache, microservices.ResultsCache)
}

// collectorValues are those of the chart that have their like in Kustomize's.
type collectorValues struct {
	ReplicaCount int `json:"replicaCount"`
	Image        struct {
		Repository string `json:"repository"`
		Tag        string `json:"tag"`
	} `json:"image"`
	Environment        []corev1.EnvVar             `json:"extraEnvs"`
	Mounts             []corev1.VolumeMount        `json:"extraVolumeMounts"`
	Resources          corev1.ResourceRequirements `json:"resources"`
	PodSecurityContext *corev1.PodSecurityContext  `json:"podSecurityContext"`
	SecurityContext    *corev1.SecurityContext     `json:"securityContext"`
	StartupProbe       *corev1.Probe               `json:"startupProbe"`
	LivenessProbe      *corev1.Probe               `json:"livenessProbe"`
	ReadinessProbe     *corev1.Probe               `json:"readinessProbe"`
	StatefulSet        struct {
		Claims []corev1.PersistentVolumeClaim `json:"volumeClaimTemplates"`
	} `json:"statefulset"`
	Ports map[string]struct {
		Enabled       bool  `json:"enabled"`
		ContainerPort int32 `json:"containerPort"`
	} `json:"ports"`
	Ingress struct {
		Hosts []struct {
			Paths []struct {
				Path string `json:"path"`
				Type string `json:"pathType"`
				Port int32  `json:"port"`
			} `json:"paths"`
		} `json:"hosts"`
	} `json:"ingress"`
}

// The collector by its chart is what Kustomize makes of it, as far as the chart can do it.
func TestTheCollectorByItsChartIsThatOfKustomize(t *testing.T) {
	values := read[collectorValues](t, "config/helm/opentelemetry-collector.values.yaml")
	all := build(t, "base")
	set := named[*appsv1.StatefulSet](t, all, "integration-log-push")
	container := set.Spec.Template.Spec.Containers[0]

	assert.Equal(t, 1, values.ReplicaCount, "it fetches too")
	assert.Equal(t, container.Image, values.Image.Repository+":"+values.Image.Tag)
	assert.Equal(t, set.Spec.Template.Spec.SecurityContext, values.PodSecurityContext)
	assert.Equal(t, container.SecurityContext, values.SecurityContext)
	assert.Equal(t, set.Spec.VolumeClaimTemplates[0].Spec, values.StatefulSet.Claims[0].Spec)
	assert.Equal(t, container.VolumeMounts[1:], values.Mounts)
	assert.Equal(t, container.Resources.Limits.Memory(), values.Resources.Limits.Memory())

	variables := environment(corev1.Container{Env: values.Environment})
	variables["GOMEMLIMIT"] = environment(container)["GOMEMLIMIT"] // the chart's, 80 % of the limit
	delete(variables, "LOKI_URL")                                  // in Kustomize's ConfigMap
	assert.Equal(t, environment(container), variables)

	var enabled []int32
	for _, port := range values.Ports {
		if port.Enabled {
			enabled = append(enabled, port.ContainerPort)
		}
	}
	assert.ElementsMatch(t, []int32{8700, 9464, 8888}, enabled)
	for _, probe := range []*corev1.Probe{values.StartupProbe, values.LivenessProbe, values.ReadinessProbe} {
		assert.Equal(t, "8888", probe.HTTPGet.Port.String(), "health is no probe")
	}

	var found problems
	var exposed []string
	for _, path := range values.Ingress.Hosts[0].Paths {
		assert.Equal(t, "Exact", path.Type)
		assert.Equal(t, int32(8700), path.Port)
		exposed = append(exposed, path.Path)
	}
	assert.ElementsMatch(t, webhookPaths(all, &found), exposed)
	assert.Empty(t, found)
}

func section(t *testing.T, of map[string]any, name string) map[string]any {
	t.Helper()
	section, isMap := of[name].(map[string]any)
	require.True(t, isMap, name)
	return section
}

// read returns a file of the repository.
func read[T any](t *testing.T, path string) T {
	t.Helper()
	var values T
	require.NoError(t, yaml.Unmarshal([]byte(readFile(t, filepath.Join(repository, path))), &values))
	return values
}
