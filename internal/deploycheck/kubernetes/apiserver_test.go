// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	"k8s.io/kubernetes/pkg/apis/apps"
	_ "k8s.io/kubernetes/pkg/apis/apps/install" // registers conversions and defaults, as do those below
	appsvalidation "k8s.io/kubernetes/pkg/apis/apps/validation"
	"k8s.io/kubernetes/pkg/apis/core"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	corevalidation "k8s.io/kubernetes/pkg/apis/core/validation"
	"k8s.io/kubernetes/pkg/apis/networking"
	_ "k8s.io/kubernetes/pkg/apis/networking/install"
	networkingvalidation "k8s.io/kubernetes/pkg/apis/networking/validation"
	"k8s.io/kubernetes/pkg/apis/policy"
	_ "k8s.io/kubernetes/pkg/apis/policy/install"
	policyvalidation "k8s.io/kubernetes/pkg/apis/policy/validation"
)

func TestAnAPIServerTakesEveryVariant(t *testing.T) {
	for variant := range variants {
		t.Run(variant, func(t *testing.T) {
			validated := 0
			for _, object := range build(t, variant) {
				errs, known := validate(t, object)
				assert.Empty(t, errs, "%T", object)
				if known {
					validated++
				}
			}
			assert.GreaterOrEqual(t, validated, 14)
		})
	}
}

// What Kubernetes refuses only when it looks at the values.
func TestAnAPIServerRefusesWhatIsMutated(t *testing.T) {
	all := build(t, "base")
	statefulSet := named[*appsv1.StatefulSet](t, all, "integration-log-push")
	statefulSet.Spec.PersistentVolumeClaimRetentionPolicy.WhenScaled = "Keep"
	statefulSet.Spec.Template.Spec.Containers[0].Ports[0].Name = "the-webhooks-of-all-vendors"
	statefulSet.Spec.Selector.MatchLabels["app.kubernetes.io/component"] = "pull"

	errs, known := validate(t, statefulSet)

	require.True(t, known)
	text := errs.ToAggregate().Error()
	assert.Contains(t, text, "whenScaled")
	assert.Contains(t, text, "ports[0].name")
	assert.Contains(t, text, "`selector` does not match template `labels`")
}

// validate sets an object's defaults and looks at it with the API server's own code, which
// has none for types of other projects.
func validate(t *testing.T, object runtime.Object) (_ field.ErrorList, known bool) {
	t.Helper()
	kind := object.GetObjectKind().GroupVersionKind()
	if !legacyscheme.Scheme.Recognizes(kind) {
		return nil, false
	}
	object = object.DeepCopyObject()
	legacyscheme.Scheme.Default(object)
	internal, err := legacyscheme.Scheme.ConvertToVersion(object, runtime.InternalGroupVersioner)
	require.NoError(t, err)
	switch internal := internal.(type) {
	case *apps.StatefulSet:
		return appsvalidation.ValidateStatefulSet(internal, appsvalidation.StatefulSetValidationOptions{}, corevalidation.PodValidationOptions{}), true
	case *core.Service:
		if internal.Spec.ClusterIP != "" { // as the server does before
			internal.Spec.ClusterIPs = []string{internal.Spec.ClusterIP}
		}
		return corevalidation.ValidateServiceCreate(internal), true
	case *core.ConfigMap:
		return corevalidation.ValidateConfigMap(internal), true
	case *core.Secret:
		return corevalidation.ValidateSecret(internal), true
	case *core.ServiceAccount:
		return corevalidation.ValidateServiceAccount(internal), true
	case *core.Namespace:
		return corevalidation.ValidateNamespace(internal), true
	case *networking.NetworkPolicy:
		return networkingvalidation.ValidateNetworkPolicy(internal, networkingvalidation.NetworkPolicyValidationOptions{}), true
	case *networking.Ingress:
		return networkingvalidation.ValidateIngressCreate(internal), true
	case *policy.PodDisruptionBudget:
		return policyvalidation.ValidatePodDisruptionBudget(internal, policyvalidation.PodDisruptionBudgetValidationOptions{}), true
	default:
		require.Failf(t, "nobody validates it", "%v", kind)
		return nil, false
	}
}

// Loki asks for no password, so a policy has to say who may call it.
func TestAnAPIServerTakesThePolicyOfLoki(t *testing.T) {
	all := decode(t, run(t, filepath.Join(tree(t), "loki")))

	policies := of[*networkingv1.NetworkPolicy](all)

	require.Len(t, policies, 1)
	errs, known := validate(t, policies[0])
	assert.True(t, known)
	assert.Empty(t, errs)
	assert.Equal(t, "loki", policies[0].Namespace)
	for _, rule := range policies[0].Spec.Ingress {
		assert.NotEmpty(t, rule.From, "everybody is let in")
	}
}
