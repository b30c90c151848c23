// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package kubernetes

import (
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// vendors are hosts as accounts have them, with their ports.
var vendors = map[string]int{
	"acme.zendesk.com":                    443,
	"acme.my.salesforce.com":              443,
	"acme--uat.sandbox.my.salesforce.com": 443,
	"login.salesforce.com":                443,
	"test.salesforce.com":                 443,
	"api.pubsub.salesforce.com":           7443,
}

// checkEgress sees to it that the collector that fetches reaches the vendors, nobody's
// private network does it, and the other collector reaches neither.
func checkEgress(all objects, found *problems) {
	for _, set := range of[*appsv1.StatefulSet](all) {
		fetches := set.Labels["app.kubernetes.io/component"] == "pull"
		for host, port := range vendors {
			reached := reaches(all, set, netip.MustParseAddr("203.0.113.7"), port) || reachesName(all, set, host, port)
			found.must(reached == fetches, "%s: %s:%d is reached: %t", set.Name, host, port, reached)
		}
		for _, address := range []string{"10.96.0.1", "172.20.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "127.0.0.1", "fd00::1", "fe80::1"} {
			found.must(!reaches(all, set, netip.MustParseAddr(address), 443), "%s reaches %s", set.Name, address)
		}
	}
	for _, policy := range of[*networkingv1.NetworkPolicy](all) {
		for _, rule := range policy.Spec.Egress {
			found.must(len(rule.To) > 0 && len(rule.Ports) > 0, "%s lets everything out", policy.Name)
		}
	}
}

// reaches says whether the NetworkPolicies let the pods of a set call an address by TCP.
func reaches(all objects, set *appsv1.StatefulSet, address netip.Addr, port int) bool {
	for _, policy := range of[*networkingv1.NetworkPolicy](all) {
		if !selects(&policy.Spec.PodSelector, set.Spec.Template.Labels) {
			continue
		}
		for _, rule := range policy.Spec.Egress {
			allowed := slices.ContainsFunc(rule.Ports, func(candidate networkingv1.NetworkPolicyPort) bool {
				return candidate.Port.IntValue() == port && *candidate.Protocol == "TCP"
			})
			if allowed && slices.ContainsFunc(rule.To, func(peer networkingv1.NetworkPolicyPeer) bool { return hasAddress(peer.IPBlock, address) }) {
				return true
			}
		}
	}
	return false
}

func hasAddress(block *networkingv1.IPBlock, address netip.Addr) bool {
	if block == nil || !netip.MustParsePrefix(block.CIDR).Contains(address) {
		return false
	}
	return !slices.ContainsFunc(block.Except, func(prefix string) bool { return netip.MustParsePrefix(prefix).Contains(address) })
}

// reachesName does the same for Cilium's policies, which know names.
func reachesName(all objects, set *appsv1.StatefulSet, host string, port int) bool {
	for _, policy := range of[*ciliumNetworkPolicy](all) {
		if !selects(&policy.Spec.EndpointSelector, set.Spec.Template.Labels) {
			continue
		}
		for _, rule := range policy.Spec.Egress {
			for _, ports := range rule.ToPorts {
				if ports.Ports[0].Port == strconv.Itoa(port) && slices.ContainsFunc(rule.ToFQDNs, func(name ciliumName) bool { return name.matches(host) }) {
					return true
				}
			}
		}
	}
	return false
}

// matches follows Cilium's documentation: a star stands for letters, digits, hyphens and
// underscores, and not for a dot.
func (n ciliumName) matches(host string) bool {
	if n.MatchName != "" {
		return n.MatchName == host
	}
	pattern := strings.ReplaceAll(regexp.QuoteMeta(n.MatchPattern), `\*`, "[-a-zA-Z0-9_]*")
	return regexp.MustCompile("^" + pattern + "$").MatchString(host)
}

func TestEgressFindsWhatIsMutated(t *testing.T) {
	assertMutationsFound(t, map[string]mutation{
		"no Pub/Sub API":          {"base", "port: 7443", "port: 7444", "api.pubsub.salesforce.com:7443 is reached: false"},
		"metadata of a cloud":     {"base", "- 169.254.0.0/16", "", "reaches 169.254.169.254"},
		"out for the other too":   {"base", "app.kubernetes.io/component: pull\n      app.kubernetes.io/name: integration-log\n  policyTypes", "app.kubernetes.io/name: integration-log\n  policyTypes", "is reached: true"},
		"everything":              {"base", "  - ports:\n    - port: 443", "  - {}\n  - ports:\n    - port: 443", "lets everything out"},
		"no sandbox, with Cilium": {"cilium", "- matchPattern: '*.*.my.salesforce.com'", "", "acme--uat.sandbox.my.salesforce.com:443 is reached: false"},
	})
}
