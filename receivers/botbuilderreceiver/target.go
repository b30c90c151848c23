// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package botbuilderreceiver // import "github.com/integrationlog/integrationlog/receivers/botbuilderreceiver"

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/internal/allowlist"
)

// target is what a call went to, without what could be personal or secret: user,
// password, query and fragment, and such segments of the path.
type target struct {
	method, host, path string
	port               int
}

const (
	masked = "****"
	// maxHost is what a DNS name can have.
	maxHost = 253
	// maxPath bounds a path that is kept, in bytes.
	maxPath = 1024
	// maxSegment bounds a segment of any letters and digits: Salesforce's ids have 18
	// characters, tokens have more.
	maxSegment = 18
	// maxWord bounds one that is made of words, or of digits only.
	maxWord = 64
)

var (
	methods = regexp.MustCompile(`^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE)$`)
	hosts   = regexp.MustCompile(`^([A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(\d{1,5}))?$`)
	// words are in lower case, or have a capital at the beginning of each: letters at
	// random look otherwise.
	words   = regexp.MustCompile(`^[._~-]*(?:[A-Z]?[a-z]+[._~-]*)*$`)
	numbers = regexp.MustCompile(`^[0-9._~-]*$`)
	uuid    = regexp.MustCompile(`^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	mixed   = regexp.MustCompile(`^[0-9A-Za-z._~-]*$`)
)

// targetOf reads what a bot says of its call: an address, or host and path apart.
func targetOf(method, address, host, path string) (t target) {
	if method = strings.ToUpper(method); methods.MatchString(method) {
		t.method = method
	}
	if parsed, err := url.Parse(address); err == nil && parsed.Host != "" {
		host, path = parsed.Host, parsed.EscapedPath()
	}
	if match := hosts.FindStringSubmatch(host); len(match) == 3 && len(match[1]) <= maxHost && !allowlist.IsPersonal(match[1]) {
		t.host = match[1]
		t.port, _ = strconv.Atoi(match[2]) // no port is 0
	}
	t.path = pathOf(path)
	return t
}

// pathOf masks each segment of a path that may be more than a word or an id.
func pathOf(path string) string {
	path, _, _ = strings.Cut(path, "?")
	path, _, _ = strings.Cut(path, "#")
	if !strings.HasPrefix(path, "/") || len(path) > maxPath {
		return ""
	}
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if !isHarmless(segment) {
			segments[i] = masked
		}
	}
	return strings.Join(segments, "/")
}

func isHarmless(segment string) bool {
	switch length := len(segment); {
	case allowlist.IsPersonal(segment):
		return false
	case length <= maxSegment:
		return mixed.MatchString(segment)
	case length <= maxWord:
		return words.MatchString(segment) || numbers.MatchString(segment) || uuid.MatchString(segment)
	default:
		return false
	}
}

// String is the target as a reader knows it from its address.
func (t target) String() string {
	host := t.host
	if host != "" && t.port != 0 {
		host += ":" + strconv.Itoa(t.port)
	}
	return strings.TrimSpace(t.method + " " + host + t.path)
}
