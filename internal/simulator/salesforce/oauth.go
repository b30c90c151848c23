// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	"github.com/integrationlog/integrationlog/internal/simulator/endpoint"
)

// OAuthError is a refusal of the token endpoint. All of them come with 400.
type OAuthError struct {
	Code        string `json:"error"`
	Description string `json:"error_description"`
}

func (e OAuthError) write(w http.ResponseWriter) { endpoint.JSON(w, http.StatusBadRequest, e) }

// The refusals that Salesforce documents, to be injected with RefuseTokens.
var (
	InvalidClientID   = OAuthError{"invalid_client_id", "client identifier invalid"}
	InvalidClient     = OAuthError{"invalid_client", "invalid client credentials"}
	NotApproved       = OAuthError{"invalid_grant", "user hasn't approved this consumer"}
	NotAdminApproved  = OAuthError{"invalid_app_access", "user is not admin approved to access this app"}
	NoRunAsUser       = OAuthError{"invalid_grant", "no client credentials user enabled"}
	UnsupportedDomain = OAuthError{"invalid_grant", "request not supported on this domain"}
	UnsupportedGrant  = OAuthError{"unsupported_grant_type", "grant type not supported"}
	InvalidAssertion  = OAuthError{"invalid_grant", "invalid assertion"}
	InvalidAudience   = OAuthError{"invalid_grant", "audience is invalid"}
	ExpiredAssertion  = OAuthError{"invalid_grant", "expired authorization code"}
)

// RefuseTokens lets the next token requests be refused; see endpoint.Always.
func (o *Org) RefuseTokens(times int, with OAuthError) (remove func()) {
	return o.Inject(endpoint.Fault{
		Path: "/services/oauth2/token", Times: times,
		Answer: func(w http.ResponseWriter, _ *http.Request, _ http.Handler) { with.write(w) },
	})
}

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer" //nolint:gosec // the name of a grant type

// token is the token endpoint.
func (o *Org) token(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		UnsupportedGrant.write(w)
		return
	}
	var refusal *OAuthError
	switch r.PostFormValue("grant_type") {
	case "client_credentials":
		refusal = o.checkClient(r)
	case jwtBearer:
		refusal = o.checkAssertion(r.PostFormValue("assertion"))
	default:
		refusal = &UnsupportedGrant
	}
	if refusal != nil {
		refusal.write(w)
		return
	}
	// There is no expires_in: a session lasts as long as it is used.
	endpoint.JSON(w, http.StatusOK, map[string]string{
		"access_token": o.Token(),
		"signature":    base64.StdEncoding.EncodeToString([]byte("simulated signature")),
		"scope":        "api",
		"instance_url": o.URL,
		"id":           o.identity(),
		"token_type":   "Bearer",
		"issued_at":    strconv.FormatInt(o.settings.Now().UnixMilli(), 10),
	})
}

// identity is the address of the user, whose path names the organization.
func (o *Org) identity() string {
	return "https://login.salesforce.com/id/" + o.settings.OrganizationID + "/" + o.settings.UserID
}

// checkClient checks credentials in the form, or in the header.
func (o *Org) checkClient(r *http.Request) *OAuthError {
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	switch {
	case o.settings.SharedLoginHost:
		return &UnsupportedDomain
	case id != o.settings.ClientID:
		return &InvalidClientID
	case subtle.ConstantTimeCompare([]byte(secret), []byte(o.settings.ClientSecret)) != 1:
		return &InvalidClient
	}
	return nil
}

// userinfo tells who a token is of.
func (o *Org) userinfo(w http.ResponseWriter, r *http.Request) {
	if !o.sessions.valid(bearer(r)) {
		http.Error(w, "Bad_OAuth_Token", http.StatusForbidden)
		return
	}
	endpoint.JSON(w, http.StatusOK, map[string]any{
		"sub":                o.identity(),
		"user_id":            o.settings.UserID,
		"organization_id":    o.settings.OrganizationID,
		"preferred_username": o.settings.Username,
		"urls":               map[string]string{"custom_domain": o.URL},
	})
}

func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}
