// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package lokiapi // import "github.com/integrationlog/integrationlog/internal/lokiapi"

import (
	"net/http"
	"slices"
	"strings"

	"github.com/integrationlog/integrationlog/internal/activity"
	"github.com/integrationlog/integrationlog/internal/sentence"
)

// public are the headers of a request that may be told. Any other may hold a credential: a
// gateway before Loki can ask for one under any name.
var public = []string{
	"Accept", "Accept-Encoding", "Cache-Control", "Content-Encoding", "Content-Length", "Content-Type", "Traceparent", "User-Agent", "X-Scope-Orgid",
	CategorizeLabels,
}

// shortestCredential is from which length on a word of a header is taken for one, in bytes.
const shortestCredential = 6

// Excerpt returns a text of an answer as one line of a log or of an error: without the credentials
// of its request and without what nobody sees, and no longer than most, in bytes.
func Excerpt(text string, resp *http.Response, most int) string {
	// Only what is seen is compared: a credential could have something in it that is not.
	text = withoutCredentials(sentence.OneLine(strings.ToValidUTF8(text, "\uFFFD")), resp)
	return activity.Truncate(text, most)
}

// withoutCredentials returns a text of an answer without the credentials of its request. A
// proxy that shows the request that it refuses would have them in the log otherwise.
func withoutCredentials(text string, resp *http.Response) string {
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
