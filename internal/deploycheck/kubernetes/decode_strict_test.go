// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A field that does not exist is refused, in types of Kubernetes and of the others.
func TestAFieldThatDoesNotExistIsRefused(t *testing.T) {
	root := tree(t)
	mutations := map[string]struct{ variant, old, mutated, field string }{
		"StatefulSet":         {"base", "podManagementPolicy:", "podManagmentPolicy:", "podManagmentPolicy"},
		"probe":               {"base", "tcpSocket:", "tcpSockets:", "tcpSockets"},
		"PodDisruptionBudget": {"base", "maxUnavailable:", "maxUnavailables:", "maxUnavailables"},
		"NetworkPolicy":       {"base", "podSelector:", "podSelect:", "podSelect"},
		"Ingress":             {"ingress", "ingressClassName:", "ingressClass:", "ingressClass"},
		"ServiceMonitor":      {"ingress", "targetLabel:", "target_label:", "target_label"},
		"HTTPRoute":           {"cilium", "backendRefs:", "backends:", "backends"},
		"CiliumNetworkPolicy": {"cilium", "toFQDNs:", "toFQDN:", "toFQDN"},
		"kind":                {"base", "kind: StatefulSet", "kind: StatefulSets", "StatefulSets"},
	}
	for name, mutation := range mutations {
		t.Run(name, func(t *testing.T) {
			manifests := string(render(t, root, mutation.variant))
			require.Contains(t, manifests, mutation.old)

			_, err := decodeAll([]byte(strings.ReplaceAll(manifests, mutation.old, mutation.mutated)))

			require.ErrorContains(t, err, mutation.field)
		})
	}
}
