// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package poll // import "github.com/integrationlog/integrationlog/receivers/webhooksreceiver/internal/poll"

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/oauth"
)

// Explain adds to an error that an admin can cure what to do.
func Explain(err error) error {
	cure := ""
	if status, ok := errors.AsType[*apiclient.StatusError](err); ok {
		cure = cureOfStatus(status.Code)
	} else if refusal, ok := errors.AsType[*oauth.Error](err); ok {
		cure = cureOfRefusal(refusal)
	}
	if cure == "" {
		return err
	}
	return fmt.Errorf("%w: %s", err, cure)
}

// explainClosed adds to the error of a webhook that is closed what to do.
func explainClosed(err error) error {
	if status, ok := errors.AsType[*apiclient.StatusError](err); ok && status.Code == http.StatusNotFound {
		return fmt.Errorf("%w: it has just been deleted, or the user of the OAuth client may not see it, who must be an admin", err)
	}
	return Explain(err)
}

const moved = "the account has another address, or something in between answers; check endpoint, redirects are not followed"

func cureOfStatus(code int) string {
	switch {
	case code == http.StatusUnauthorized:
		return "Zendesk does not accept the credentials; check the OAuth client, or the e-mail address and the API token"
	case code == http.StatusForbidden:
		return "the user of the OAuth client must be an admin, and the client needs the scope webhooks:read"
	case code == http.StatusNotFound:
		return "there is no such account, or it has no webhooks API; check endpoint"
	case code >= 300 && code < 400:
		return moved
	default:
		return ""
	}
}

// cureOfRefusal is that of a token endpoint. Codes come before statuses, because vendors
// differ in the latter.
func cureOfRefusal(refusal *oauth.Error) string {
	switch refusal.Code {
	case "invalid_client":
		return "check client_id and client_secret; the client must be there, and be confidential"
	case "invalid_scope":
		return "the client must allow the scope webhooks:read, or scopes must name what it allows"
	case "unauthorized_client", "unsupported_grant_type":
		return "the client must be confidential"
	}
	switch {
	case refusal.StatusCode == http.StatusUnauthorized, refusal.StatusCode == http.StatusForbidden:
		return "check client_id and client_secret"
	case refusal.StatusCode == http.StatusNotFound:
		return "there is no such account; check endpoint"
	case refusal.StatusCode >= 300 && refusal.StatusCode < 400:
		return moved
	default:
		return ""
	}
}
