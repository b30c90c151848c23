// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"strings"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// brought are the Secrets that an installation brings, by this prefix; Kustomize adds a hash.
var brought = []string{"integration-log-push", "integration-log-pull"}

// checkNames sees to it that what an object names is there.
func checkNames(all objects, found *problems) {
	configMaps, services, accounts := nameSet[*corev1.ConfigMap](all), nameSet[*corev1.Service](all), nameSet[*corev1.ServiceAccount](all)
	for _, set := range of[*appsv1.StatefulSet](all) {
		service := services[set.Spec.ServiceName]
		found.must(service != nil && service.Spec.ClusterIP == corev1.ClusterIPNone, "%s has no headless Service", set.Name)
		pod := set.Spec.Template.Spec
		found.must(accounts[pod.ServiceAccountName] != nil, "%s has no ServiceAccount %s", set.Name, pod.ServiceAccountName)
		for _, volume := range pod.Volumes {
			found.must(configMaps[volume.ConfigMap.Name] != nil, "%s: there is no ConfigMap %s", set.Name, volume.ConfigMap.Name)
		}
		for _, source := range pod.Containers[0].EnvFrom {
			if source.ConfigMapRef != nil {
				found.must(configMaps[source.ConfigMapRef.Name] != nil, "%s: there is no ConfigMap %s", set.Name, source.ConfigMapRef.Name)
			}
			if source.SecretRef != nil {
				found.must(isBrought(source.SecretRef.Name), "%s: nobody brings Secret %s", set.Name, source.SecretRef.Name)
			}
		}
	}
	for _, object := range all {
		if object, ok := object.(metav1.Object); ok {
			_, isNamespace := object.(*corev1.Namespace)
			found.must(isNamespace || object.GetNamespace() == "integration-log", "%s is in namespace %q", object.GetName(), object.GetNamespace())
		}
	}
}

func nameSet[T interface {
	comparable
	metav1.Object
	runtime.Object
}](all objects,
) map[string]T {
	byName := make(map[string]T)
	for _, object := range of[T](all) {
		byName[object.GetName()] = object
	}
	return byName
}

func isBrought(secret string) bool {
	for _, name := range brought {
		if secret == name || strings.HasPrefix(secret, name+"-") {
			return true
		}
	}
	return false
}

// checkSelectors sees to it that what selects pods finds some, and the ports that it names.
func checkSelectors(all objects, found *problems) {
	for _, service := range of[*corev1.Service](all) {
		pods := podsOf(all, &metav1.LabelSelector{MatchLabels: service.Spec.Selector})
		found.must(len(pods) == 1, "Service %s selects no pod, or those of both collectors", service.Name)
		for _, port := range service.Spec.Ports {
			checkPort("Service "+service.Name, pods, port.TargetPort.String(), found)
		}
	}
	for _, budget := range of[*policyv1.PodDisruptionBudget](all) {
		found.must(len(podsOf(all, budget.Spec.Selector)) == 1, "PodDisruptionBudget %s selects no pod, or those of both collectors", budget.Name)
	}
	for _, policy := range of[*networkingv1.NetworkPolicy](all) {
		pods := podsOf(all, &policy.Spec.PodSelector)
		found.must(len(pods) > 0, "NetworkPolicy %s selects no pod", policy.Name)
		for _, rule := range policy.Spec.Ingress {
			for _, port := range rule.Ports {
				checkPort("NetworkPolicy "+policy.Name, pods, port.Port.String(), found)
			}
		}
	}
	for _, monitor := range of[*monitoringv1.ServiceMonitor](all) {
		checkMonitor(all, monitor, found)
	}
	for _, set := range of[*appsv1.StatefulSet](all) {
		own := set.Spec.Template.Labels
		for _, constraint := range set.Spec.Template.Spec.TopologySpreadConstraints {
			found.must(selects(constraint.LabelSelector, own), "%s is spread among others", set.Name)
		}
		for _, term := range set.Spec.Template.Spec.Affinity.PodAntiAffinity.PreferredDuringSchedulingIgnoredDuringExecution {
			found.must(selects(term.PodAffinityTerm.LabelSelector, own), "%s keeps away from others", set.Name)
		}
	}
}

// podsOf returns the StatefulSets whose pods a selector takes.
func podsOf(all objects, selector *metav1.LabelSelector) []*appsv1.StatefulSet {
	var sets []*appsv1.StatefulSet
	for _, set := range of[*appsv1.StatefulSet](all) {
		if selects(selector, set.Spec.Template.Labels) {
			sets = append(sets, set)
		}
	}
	return sets
}

func checkPort(who string, sets []*appsv1.StatefulSet, port string, found *problems) {
	for _, set := range sets {
		found.must(hasPort(set.Spec.Template.Spec.Containers[0], port), "%s: %s has no port %s", who, set.Name, port)
	}
}

// checkMonitor sees to it that both collectors are scraped, at both ports, as the jobs that
// the rules and dashboards know.
func checkMonitor(all objects, monitor *monitoringv1.ServiceMonitor, found *problems) {
	scraped := make(map[string]int)
	for _, service := range of[*corev1.Service](all) {
		if !selects(&monitor.Spec.Selector, service.Labels) {
			continue
		}
		for _, endpoint := range monitor.Spec.Endpoints {
			for _, port := range service.Spec.Ports {
				if port.Name == endpoint.Port {
					scraped[*endpoint.RelabelConfigs[0].Replacement+" "+port.TargetPort.String()]++
				}
			}
		}
	}
	for _, job := range []string{"integration-log metrics", "integration-log-collector telemetry"} {
		found.must(scraped[job] == 2, "ServiceMonitor %s: job %s has %d of 2 collectors", monitor.Name, job, scraped[job])
	}
}
