// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi // import "github.com/integrationlog/integrationlog/internal/lokiapi"

import (
	"net/http"
	"slices"
	"strings"
)

// public are the headers of a request that may be told. Any other may hold a credential: a
// gateway before Loki can ask for one under any name.
var public = []string{
	"Accept", "Accept-Encoding", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Traceparent", "User-Agent", "X-Scope-Orgid",
	CategorizeLabels,
}

// shortestCredential is from which length on a word of a header is taken for one, in bytes.
const shortestCredential = 6

// WithoutCredentials returns a text of an answer without the credentials of its request. A
// proxy that shows the request that it refuses would have them in the log otherwise.
func WithoutCredentials(text string, resp *http.Response) string {
	if resp.Request == nil {
		return text
	}
	for name, values := range resp.Request.Header {
		if slices.Contains(public, http.CanonicalHeaderKey(name)) {
			continue
		}
		for word := range strings.FieldsSeq(strings.Join(values, " ")) {
			if len(word) >= shortestCredential {
				text = strings.ReplaceAll(text, word, "****")
			}
		}
	}
	return text
}
