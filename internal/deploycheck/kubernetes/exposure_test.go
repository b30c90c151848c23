// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	"sigs.k8s.io/yaml"
)

// checkExposure sees to it that the world reaches the webhooks, and nothing else.
func checkExposure(all objects, found *problems) {
	paths := webhookPaths(all, found)
	for _, service := range of[*corev1.Service](all) {
		found.must(service.Spec.Type == corev1.ServiceTypeClusterIP || service.Spec.ClusterIP == corev1.ClusterIPNone, "Service %s is open to the world", service.Name)
	}
	for _, ingress := range of[*networkingv1.Ingress](all) {
		checkIngress(all, ingress, paths, found)
	}
	for _, route := range of[*gatewayv1.HTTPRoute](all) {
		checkRoute(all, route, paths, found)
	}
	for _, set := range of[*appsv1.StatefulSet](all) {
		for _, direction := range []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress} {
			found.must(isIsolated(all, set, direction), "%s is open to %s of everybody", set.Name, direction)
		}
	}
	for _, policy := range of[*networkingv1.NetworkPolicy](all) {
		found.must(policy.Spec.Ingress == nil || slices.Contains(policy.Spec.PolicyTypes, networkingv1.PolicyTypeIngress), "%s forgets its type", policy.Name)
		for _, rule := range policy.Spec.Ingress {
			found.must(len(rule.From) > 0 && len(rule.Ports) > 0, "%s lets everybody in", policy.Name)
			for _, peer := range rule.From {
				found.must(peer.NamespaceSelector != nil && len(peer.NamespaceSelector.MatchLabels) > 0, "%s lets every namespace in", policy.Name)
			}
		}
	}
}

// webhookPaths are those of the receivers in the configuration that the pods get.
func webhookPaths(all objects, found *problems) []string {
	var paths []string
	for _, config := range of[*corev1.ConfigMap](all) {
		var gateway struct {
			Receivers map[string]struct {
				Path string `json:"path"`
			} `json:"receivers"`
		}
		if err := yaml.Unmarshal([]byte(config.Data["gateway.yaml"]), &gateway); err != nil {
			found.add("gateway.yaml: %v", err)
		}
		for _, receiver := range gateway.Receivers {
			if receiver.Path != "" && !slices.Contains(paths, receiver.Path) {
				paths = append(paths, receiver.Path)
			}
		}
	}
	slices.Sort(paths)
	return paths
}

func checkIngress(all objects, ingress *networkingv1.Ingress, paths []string, found *problems) {
	found.must(ingress.Spec.DefaultBackend == nil, "Ingress %s has a default backend", ingress.Name)
	for _, rule := range ingress.Spec.Rules {
		covered := slices.ContainsFunc(ingress.Spec.TLS, func(tls networkingv1.IngressTLS) bool {
			return tls.SecretName != "" && slices.Contains(tls.Hosts, rule.Host)
		})
		found.must(rule.Host != "" && covered, "Ingress %s: host %q has no certificate", ingress.Name, rule.Host)
		var exposed []string
		for _, path := range rule.HTTP.Paths {
			found.must(*path.PathType == networkingv1.PathTypeExact, "Ingress %s: %s exposes what is below it", ingress.Name, path.Path)
			exposed = append(exposed, path.Path)
			checkBackend(all, path.Backend.Service.Name, path.Backend.Service.Port.Name, 0, found)
		}
		slices.Sort(exposed)
		found.must(slices.Equal(paths, exposed), "Ingress %s exposes %v, the webhooks are %v", ingress.Name, exposed, paths)
	}
}

func checkRoute(all objects, route *gatewayv1.HTTPRoute, paths []string, found *problems) {
	found.must(len(route.Spec.Hostnames) > 0, "HTTPRoute %s is for every host", route.Name)
	for _, parent := range route.Spec.ParentRefs {
		found.must(parent.SectionName != nil, "HTTPRoute %s takes listeners without TLS too", route.Name)
	}
	var exposed []string
	for _, rule := range route.Spec.Rules {
		found.must(len(rule.Matches) > 0, "HTTPRoute %s has a rule for every path", route.Name)
		for _, match := range rule.Matches {
			found.must(*match.Path.Type == gatewayv1.PathMatchExact, "HTTPRoute %s: %s exposes what is below it", route.Name, *match.Path.Value)
			found.must(match.Method != nil && *match.Method == gatewayv1.HTTPMethodPost, "HTTPRoute %s: %s takes more than POST", route.Name, *match.Path.Value)
			exposed = append(exposed, *match.Path.Value)
		}
		for _, backend := range rule.BackendRefs {
			checkBackend(all, string(backend.Name), "", *backend.Port, found)
		}
	}
	slices.Sort(exposed)
	found.must(slices.Equal(paths, exposed), "HTTPRoute %s exposes %v, the webhooks are %v", route.Name, exposed, paths)
}

// checkBackend sees to it that a Service has a port, by name or number, that leads to the
// webhooks.
func checkBackend(all objects, name, portName string, number int32, found *problems) {
	for _, service := range of[*corev1.Service](all) {
		for _, port := range service.Spec.Ports {
			if service.Name == name && (port.Name == portName || port.Port == number) {
				found.must(port.TargetPort.String() == "webhooks", "%s leads to %s, which are no webhooks", name, port.TargetPort.String())
				return
			}
		}
	}
	found.add("there is no Service %s with port %s%d", name, portName, number)
}

// isIsolated says whether some policy forbids what no policy allows. Cilium's do so for
// egress, which ours has rules for.
func isIsolated(all objects, set *appsv1.StatefulSet, direction networkingv1.PolicyType) bool {
	return slices.ContainsFunc(of[*networkingv1.NetworkPolicy](all), func(policy *networkingv1.NetworkPolicy) bool {
		return selects(&policy.Spec.PodSelector, set.Spec.Template.Labels) && slices.Contains(policy.Spec.PolicyTypes, direction)
	})
}

func TestExposureFindsWhatIsMutated(t *testing.T) {
	assertMutationsFound(t, map[string]mutation{
		"Ingress, one path more":     {"ingress", "path: /zis\n        pathType", "path: /metrics\n        pathType", "Ingress integration-log-webhooks exposes"},
		"Ingress, all below":         {"ingress", "pathType: Exact", "pathType: Prefix", "exposes what is below it"},
		"Ingress, no certificate":    {"ingress", "secretName: integration-log-webhooks-tls", "secretName: \"\"", "has no certificate"},
		"Ingress, no such port":      {"ingress", "name: webhooks\n        path: /zis", "name: metrics\n        path: /zis", "no Service integration-log-webhooks"},
		"HTTPRoute, one path less":   {"cilium", "value: /zis\n", "value: /\n", "HTTPRoute integration-log-webhooks exposes"},
		"HTTPRoute, all below":       {"cilium", "type: Exact", "type: PathPrefix", "exposes what is below it"},
		"HTTPRoute, reading":         {"cilium", "method: POST", "method: GET", "takes more than POST"},
		"HTTPRoute, metrics":         {"cilium", "targetPort: webhooks", "targetPort: metrics", "which are no webhooks"},
		"Service, from outside":      {"base", "type: ClusterIP", "type: LoadBalancer", "is open to the world"},
		"ServiceMonitor, one only":   {"ingress", "      - push\n", "", "job integration-log metrics has 1 of 2 collectors"},
		"NetworkPolicy, everybody":   {"base", "integration-log/webhooks: allowed", "", "lets every namespace in"},
		"NetworkPolicy, other ports": {"base", "port: webhooks\n      protocol: TCP\n  podSelector", "port: web\n      protocol: TCP\n  podSelector", "has no port web"},
	})
}
