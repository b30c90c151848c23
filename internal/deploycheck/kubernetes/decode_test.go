// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"testing"

	monitoringv1 "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// objects are what a variant has, in their Go types.
type objects []runtime.Object

// decoder knows the types of everything that may stand in a manifest, and takes no field
// that a type does not have.
func decoder() (runtime.Decoder, error) {
	scheme := runtime.NewScheme()
	err := errors.Join(
		appsv1.AddToScheme(scheme), corev1.AddToScheme(scheme), networkingv1.AddToScheme(scheme), policyv1.AddToScheme(scheme),
		gatewayv1.Install(scheme), monitoringv1.AddToScheme(scheme),
	)
	scheme.AddKnownTypeWithName(schema.GroupVersionKind{Group: "cilium.io", Version: "v2", Kind: "CiliumNetworkPolicy"}, &ciliumNetworkPolicy{})
	return serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer(), err
}

// decodeAll reads a stream of manifests.
func decodeAll(manifests []byte) (objects, error) {
	decoder, err := decoder()
	if err != nil {
		return nil, err
	}
	var all objects
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(manifests)))
	buffer := make([]byte, 1<<20)
	for {
		size, err := documents.Read(buffer)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		object, _, err := decoder.Decode(buffer[:size], nil, nil)
		if err != nil {
			return nil, fmt.Errorf("%w in\n%s", err, buffer[:min(size, 300)])
		}
		all = append(all, object)
	}
}

func decode(t *testing.T, manifests []byte) objects {
	t.Helper()
	all, err := decodeAll(manifests)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	return all
}

// of returns the objects of one type.
func of[T runtime.Object](all objects) []T {
	var found []T
	for _, object := range all {
		if object, ok := object.(T); ok {
			found = append(found, object)
		}
	}
	return found
}

// named returns the object of a type and a name.
func named[T interface {
	runtime.Object
	metav1.Object
}](t *testing.T, all objects, name string,
) T {
	t.Helper()
	for _, object := range of[T](all) {
		if object.GetName() == name {
			return object
		}
	}
	var none T
	require.Failf(t, "not found", "%T %s", none, name)
	return none
}

// ciliumNetworkPolicy has the fields that ours uses, from Cilium's documentation of layer 3
// and DNS based policies. Cilium's own types come with half of Cilium.
type ciliumNetworkPolicy struct {
	metav1.TypeMeta   `json:",inline"` //nolint:revive // as every type of Kubernetes has it
	metav1.ObjectMeta `json:"metadata"`

	Spec struct {
		EndpointSelector metav1.LabelSelector `json:"endpointSelector"`
		Egress           []struct {
			ToEndpoints []metav1.LabelSelector `json:"toEndpoints,omitempty"`
			ToFQDNs     []ciliumName           `json:"toFQDNs,omitempty"`
			ToPorts     []struct {
				Ports []struct {
					Port     string          `json:"port"`
					Protocol corev1.Protocol `json:"protocol"`
				} `json:"ports"`
				Rules struct {
					DNS []ciliumName `json:"dns"`
				} `json:"rules,omitzero"`
			} `json:"toPorts"`
		} `json:"egress"`
	} `json:"spec"`
}

type ciliumName struct {
	MatchName    string `json:"matchName,omitempty"`
	MatchPattern string `json:"matchPattern,omitempty"`
}

// DeepCopyObject is what the scheme asks of a type.
func (p *ciliumNetworkPolicy) DeepCopyObject() runtime.Object {
	duplicate := *p
	return &duplicate
}
