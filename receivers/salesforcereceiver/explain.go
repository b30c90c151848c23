// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforcereceiver // import "github.com/integrationlog/integrationlog/receivers/salesforcereceiver"

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/integrationlog/integrationlog/internal/apiclient"
	"github.com/integrationlog/integrationlog/internal/oauth"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/confirmation"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/sfid"
	"github.com/integrationlog/integrationlog/receivers/salesforcereceiver/internal/soql"
)

// explain adds to an error of Salesforce that somebody can cure what to do.
func explain(err error) error {
	cure := ""
	if refusal, ok := errors.AsType[*oauth.Error](err); ok {
		cure = cureOfRefusal(refusal)
	} else if told, ok := errors.AsType[*soql.Error](err); ok {
		cure = cureOfCode(told.Code)
	} else if status, ok := errors.AsType[*apiclient.StatusError](err); ok {
		cure = cureOfStatus(status.Code)
	}
	return with(err, cure)
}

func with(err error, cure string) error {
	if cure == "" || strings.Contains(err.Error(), cure) {
		return err
	}
	return fmt.Errorf("%w: %s", err, cure)
}

const (
	moved     = "the organization has another address, or something in between answers; check login_url, redirects are not followed"
	checkUser = "the user of the connection needs API Enabled"
)

// cureOfRefusal is that of the token endpoint.
// Source: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
func cureOfRefusal(refusal *oauth.Error) string {
	description := strings.ToLower(refusal.Description)
	says := func(text string) bool { return strings.Contains(description, text) }
	switch {
	case refusal.Code == "invalid_client_id":
		return "check client_id; it is the consumer key of the external client app, which takes up to 10 minutes to be known after it was made"
	case refusal.Code == "invalid_client":
		return "check client_secret; it is the consumer secret of the external client app"
	case refusal.Code == "invalid_app_access", says("not admin approved"), says("approved"):
		return "the app's policy must be Admin approved users are pre-authorized, and a permission set or profile of the user must name the app"
	case says("client credentials user"):
		return "switch on Client Credentials Flow in the app's policies and choose a Run As user"
	case says("not supported on this domain"):
		return "login_url must be the organization's My Domain address, not login.salesforce.com or test.salesforce.com"
	case refusal.Code == "unsupported_grant_type":
		return "switch on the flow in the app: Client Credentials Flow for client_secret, JWT Bearer Flow for private_key_file"
	case says("audience"):
		return "check audience: https://login.salesforce.com, or https://test.salesforce.com for a sandbox"
	case says("assertion"):
		return "private_key_file must belong to the certificate that the app has, and username to an active user"
	case says("expired"):
		return "the clock of this machine must be right; assertions hold for 3 minutes"
	case refusal.Code == "inactive_user", says("inactive"):
		return "the user of the connection is not active"
	case refusal.StatusCode == http.StatusNotFound:
		return "there is no such organization; check login_url"
	case refusal.StatusCode >= 300 && refusal.StatusCode < 400:
		return moved
	default:
		return ""
	}
}

// cureOfCode is that of the REST API.
// Source: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
func cureOfCode(code string) string {
	switch code {
	case "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED":
		return checkUser + ", and the organization's edition the API"
	case "INVALID_TYPE", "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY":
		return "the user of the connection needs View Event Log Files and API Enabled"
	case "INVALID_SESSION_ID":
		return "look whether sessions are locked to an IP address (Setup, Session Settings), and whether the user is active"
	case "REQUEST_LIMIT_EXCEEDED":
		return "the organization's API requests of 24 hours are used up; Setup, System Overview tells by how many"
	case "NOT_FOUND":
		return "check api_version"
	default:
		return ""
	}
}

func cureOfStatus(code int) string {
	switch {
	case code == http.StatusUnauthorized:
		return "Salesforce does not accept the token; look whether sessions are locked to an IP address (Setup, Session Settings)"
	case code == http.StatusForbidden:
		return checkUser
	case code == http.StatusNotFound:
		return "check api_version and login_url"
	case code >= 300 && code < 400:
		return moved
	default:
		return ""
	}
}

// explained looks records up at Zendesk, with errors that tell what to do.
type explained struct{ confirmation.Zendesk }

// Find looks records up.
func (e explained) Find(ctx context.Context, kind confirmation.Kind, ids []sfid.Short) (map[sfid.Short]confirmation.Found, error) {
	found, err := e.Zendesk.Find(ctx, kind, ids)
	return found, explainZendesk(err)
}

// explainZendesk is the same for Zendesk.
func explainZendesk(err error) error {
	if refusal, ok := errors.AsType[*oauth.Error](err); ok {
		if refusal.Code == "invalid_scope" {
			return with(err, "the OAuth client must allow the scopes organizations:read and users:read, or confirmation::zendesk::scopes must name what it allows")
		}
		return with(err, "check confirmation::zendesk: endpoint, client_id and client_secret; the OAuth client must be confidential")
	}
	if status, ok := errors.AsType[*apiclient.StatusError](err); ok {
		switch {
		case status.Code == http.StatusUnauthorized, status.Code == http.StatusForbidden:
			return with(err, "the user of Zendesk's OAuth client must be an admin, and the client needs the scopes organizations:read and users:read; "+
				"or set confirmation::enabled to false")
		case status.Code == http.StatusNotFound, status.Code >= 300 && status.Code < 400:
			return with(err, "check confirmation::zendesk::endpoint; redirects are not followed")
		}
	}
	return err
}
