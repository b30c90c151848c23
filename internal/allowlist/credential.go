// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist // import "github.com/integrationlog/integrationlog/internal/allowlist"

import (
	"regexp"
	"strings"
)

// credentials are those that docs/redaction.md knows in free text. Each begins with fixed
// letters.
var credentials = []*regexp.Regexp{
	// what stands in an Authorization header
	regexp.MustCompile(`earer[ :]+(?:[A-Za-z._~+/-]*\d[0-9A-Za-z._~+/-]*|[A-Za-z._~+/-]{20,})`),
	regexp.MustCompile(`asic +(?:[0-9A-Za-z+/]{16,}|[0-9A-Za-z+/]{6,}=+|[A-Za-z+/]*\d[0-9A-Za-z+/]*|[A-Za-z+/]*[a-z][A-Z][A-Za-z+/]*)`),
	// JSON Web Tokens, Shopify, Salesforce, Slack, GitHub, Stripe, Amazon
	regexp.MustCompile(`eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]+`),
	regexp.MustCompile(`shp[a-z]{2,3}_[0-9A-Za-z]{8,}`),
	regexp.MustCompile(`00D[0-9A-Za-z]{12,15}![0-9A-Za-z._]{8,}`),
	regexp.MustCompile(`xox[a-z]-[0-9A-Za-z-]{8,}`),
	regexp.MustCompile(`gh[a-z]_[0-9A-Za-z]{16,}`),
	regexp.MustCompile(`github_pat_[0-9A-Za-z_]{16,}`),
	regexp.MustCompile(`sk_(?:live|test)_[0-9A-Za-z]{8,}`),
	regexp.MustCompile(`AKIA[0-9A-Z]{16}`),
	// what is called so: token=…, client_secret: …, Api-Key: …, password=…
	regexp.MustCompile(`oken` + isMoreThanAWord),
	regexp.MustCompile(`ecret` + isMoreThanAWord),
	regexp.MustCompile(`pi[ _-]?[Kk]ey` + isMoreThanAWord),
	regexp.MustCompile(`PI[ _-]?KEY` + isMoreThanAWord),
	regexp.MustCompile(`assword["']?\s?[=:]\s?["']?[^\s"'&,;<>]{4,}`),
}

// isMoreThanAWord is what follows the name of a secret that is one.
const isMoreThanAWord = `["']?\s?[=:]\s?["']?(?:[^\s"'&,;<>]*\d[^\s"'&,;<>]{5,}|[^\s"'&,;<>]{20,})`

// beginnings are the fixed letters of each. They are looked for first, because an expression
// that finds nothing costs several times as much.
var beginnings = func() []string {
	letters := make([]string, len(credentials))
	for i, form := range credentials {
		letters[i], _ = form.LiteralPrefix()
	}
	return letters
}()

func holdsCredential(text string) bool {
	for i, form := range credentials {
		if strings.Contains(text, beginnings[i]) && form.MatchString(text) {
			return true
		}
	}
	return false
}
