// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package botbuilderreceiver

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTarget: what is kept of an address, as the sentence has it.
func TestTarget(t *testing.T) {
	const host = "https://api.example.com"
	tests := map[string]struct{ method, address, host, path, want string }{
		"nothing":                    {"", "", "", "", ""},
		"all":                        {"get", host + "/orders/1001", "", "", "GET api.example.com/orders/1001"},
		"no path":                    {"POST", host, "", "", "POST api.example.com"},
		"port":                       {"POST", "http://10.0.0.7:8443/x", "", "", "POST 10.0.0.7:8443/x"},
		"apart":                      {"PUT", "", "api.example.com:444", "/orders", "PUT api.example.com:444/orders"},
		"address before parts":       {"PUT", host + "/a", "other.example.com", "/b", "PUT api.example.com/a"},
		"unknown method":             {"FETCH", host + "/a", "", "", "api.example.com/a"},
		"user and password":          {"", "https://jane:secret@api.example.com/a", "", "", "api.example.com/a"},
		"query and fragment":         {"", host + "/a?email=jane@example.com#jane", "", "", "api.example.com/a"},
		"query of a path":            {"", "", "", "/a?b#c", "/a"},
		"fragment of a path":         {"", "", "", "/a#b?c", "/a"},
		"path without a slash":       {"", "", "", "a/b", ""},
		"host with a user":           {"", "", "jane@example.com", "/a", "/a"},
		"host with a scheme":         {"", "", host, "/a", "/a"},
		"host of two words":          {"", "", "ask Jane", "/a", "/a"},
		"no address":                 {"", "mailto:jane@example.com", "", "", ""},
		"address that is cut off":    {"", "https://%zz/a", "", "", ""},
		"e-mail address":             {"", host + "/users/jane@example.com", "", "", "api.example.com/users/****"},
		"e-mail address, escaped":    {"", host + "/users/jane%40example.com/a", "", "", "api.example.com/users/****/a"},
		"phone number":               {"", host + "/phones/+33612345678/a", "", "", "api.example.com/phones/****/a"},
		"phone number, American":     {"", host + "/phones/555-123-4567", "", "", "api.example.com/phones/****"},
		"phone number, French":       {"", host + "/phones/06.12.34.56.78", "", "", "api.example.com/phones/****"},
		"card number":                {"", host + "/cards/4111111111111111", "", "", "api.example.com/cards/****"},
		"card number in groups":      {"", host + "/cards/5500-0000-0000-0004", "", "", "api.example.com/cards/****"},
		"card of American Express":   {"", host + "/cards/378282246310005", "", "", "api.example.com/cards/****"},
		"phone number with country":  {"", host + "/phones/1-555-123-4567/33-6-12-34-56-78", "", "", "api.example.com/phones/****/****"},
		"phone number in a segment":  {"", host + "/phones/n-555-123-4567", "", "", "api.example.com/phones/****"},
		"phone number as a host":     {"", "https://555-123-4567.example.com/a", "", "", "/a"},
		"card number as a host":      {"", "https://4111111111111111.example.com/a", "", "", "/a"},
		"token as a host":            {"", "", "xoxb-123456789012-abcdefghijkl.example.com", "/a", "/a"},
		"address of a host":          {"", "http://192.168.100.200/a", "", "", "192.168.100.200/a"},
		"id of 16 digits, no card":   {"", host + "/orders/4111111111111112", "", "", "api.example.com/orders/4111111111111112"},
		"short tokens":               {"", host + "/shpat_0123456789/sk_live_12345678/ghp_0123456789abcdef0123", "", "", "api.example.com/****/****/****"},
		"reference of an event":      {"", host + "/events/18-646602214", "", "", "api.example.com/events/18-646602214"},
		"name with blanks":           {"", host + "/users/Jane%20Doe", "", "", "api.example.com/users/****"},
		"token":                      {"", host + "/hooks/T0000/B0000/aB3dE5gH7jK9mN1pQ3sT5vW7", "", "", "api.example.com/hooks/T0000/B0000/****"},
		"token of letters":           {"", host + "/hooks/aBcDeFGhijKLmnOpQRstUVwx", "", "", "api.example.com/hooks/****"},
		"token in hexadecimal":       {"", host + "/hooks/0123456789abcdef0123456789abcdef", "", "", "api.example.com/hooks/****"},
		"token of a JWT":             {"", host + "/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "", "", "api.example.com/****"},
		"matrix parameter":           {"", host + "/a;token=x/b", "", "", "api.example.com/****/b"},
		"ids":                        {"", host + "/9007199254740993/0031x00000AbCdEAAV/6f1ed002-ab5f-4b1f-8f1e-0123456789ab", "", "", "api.example.com/9007199254740993/0031x00000AbCdEAAV/6f1ed002-ab5f-4b1f-8f1e-0123456789ab"},
		"versions and dates":         {"", host + "/admin/api/2026-10/v1.2/2026-11-26/orders.json", "", "", "api.example.com/admin/api/2026-10/v1.2/2026-11-26/orders.json"},
		"long words":                 {"", host + "/customer-accounts-by-reference/customerAccountsByReference", "", "", "api.example.com/customer-accounts-by-reference/customerAccountsByReference"},
		"a word that is too long":    {"", host + "/" + strings.Repeat("a", 65), "", "", "api.example.com/****"},
		"a path that is too long":    {"", host + strings.Repeat("/a", 513), "", "", "api.example.com"},
		"a host that is too long":    {"", "", strings.Repeat("a", 254), "/a", "/a"},
		"slashes at the end, doubly": {"", host + "//a//", "", "", "api.example.com//a//"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, test.want, targetOf(test.method, test.address, test.host, test.path).String())
		})
	}
}

func TestTargetAttributes(t *testing.T) {
	all := map[string]any{}
	for _, kv := range targetOf("GET", "https://api.example.com:8443/a?b", "", "").attributes() {
		all[string(kv.Key)] = kv.Value.AsInterface()
	}
	require.Equal(t, map[string]any{
		"http.request.method": "GET", "server.address": "api.example.com", "server.port": int64(8443), "url.path": "/a",
	}, all)
	require.Empty(t, targetOf("", "", "", "").attributes())
}

// FuzzTarget: whatever is said of a call, nothing gets through that an address keeps from
// those who read it.
func FuzzTarget(f *testing.F) {
	f.Add("GET", "https://jane:secret@api.example.com:1/a/b%40c?d#e", "", "")
	f.Add("", "", "api.example.com", "/a;b/+1/")
	f.Add("x", "://", "[::1]:80", "//")
	f.Fuzz(func(t *testing.T, method, address, host, path string) {
		got := targetOf(method, address, host, path)
		require.NotContains(t, got.host+got.path, "@")
		for _, c := range "?#%+:; \n\"" {
			require.NotContains(t, got.host+got.path, string(c))
		}
		require.LessOrEqual(t, len(got.host), maxHost)
		require.LessOrEqual(t, len(got.path), 4*maxPath)
		require.GreaterOrEqual(t, got.port, 0)
		require.LessOrEqual(t, got.port, 99999)
	})
}
