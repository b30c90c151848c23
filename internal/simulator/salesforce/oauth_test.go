// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package salesforce

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/integrationlog/integrationlog/internal/pubsubapi"
)

func credentials(org *Org) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_id": {org.Settings().ClientID}, "client_secret": {org.Settings().ClientSecret},
	}
}

func TestClientCredentials(t *testing.T) {
	org := start(t, Settings{})
	got := post(t, org.URL+"/services/oauth2/token", credentials(org))
	require.Equal(t, http.StatusOK, got.status, got.body)
	var token map[string]string
	got.decode(t, &token)
	assert.Equal(t, org.URL, token["instance_url"])
	assert.Equal(t, "https://login.salesforce.com/id/"+org.Settings().OrganizationID+"/"+org.Settings().UserID, token["id"])
	assert.NotContains(t, token, "expires_in")

	info := get(t, org.URL+"/services/oauth2/userinfo", token["access_token"])
	assert.Equal(t, http.StatusOK, info.status)
	assert.Contains(t, info.body, `"organization_id":"`+org.Settings().OrganizationID+`"`)
	org.ExpireTokens()
	assert.Equal(t, http.StatusForbidden, get(t, org.URL+"/services/oauth2/userinfo", token["access_token"]).status)
	expired := get(t, org.URL+"/services/data/v67.0/query?q=x", token["access_token"])
	assert.Equal(t, http.StatusUnauthorized, expired.status)
	assert.JSONEq(t, `[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]`, expired.body)
}

func TestCredentialsInTheHeader(t *testing.T) {
	org := start(t, Settings{})
	request, err := http.NewRequest(http.MethodPost, org.URL+"/services/oauth2/token", http.NoBody)
	require.NoError(t, err)
	request.SetBasicAuth(org.Settings().ClientID, org.Settings().ClientSecret)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.URL.RawQuery = "grant_type=client_credentials"
	got, err := send(t, request)
	require.NoError(t, err)
	// The grant type belongs into the body.
	assert.Equal(t, http.StatusBadRequest, got.status)
	assert.Contains(t, got.body, "unsupported_grant_type")
}

func TestTokensThatAreRefused(t *testing.T) {
	org := start(t, Settings{})
	login := start(t, Settings{SharedLoginHost: true})
	wrong := func(name, value string) url.Values {
		form := credentials(org)
		form.Set(name, value)
		return form
	}
	for name, test := range map[string]struct {
		org     *Org
		form    url.Values
		refusal OAuthError
	}{
		"client":      {org, wrong("client_id", "other"), InvalidClientID},
		"secret":      {org, wrong("client_secret", "other"), InvalidClient},
		"grant":       {org, wrong("grant_type", "password"), UnsupportedGrant},
		"shared host": {login, credentials(login), UnsupportedDomain},
		"no key":      {org, url.Values{"grant_type": {jwtBearer}}, NotApproved},
	} {
		t.Run(name, func(t *testing.T) {
			got := post(t, test.org.URL+"/services/oauth2/token", test.form)
			assert.Equal(t, http.StatusBadRequest, got.status)
			var refusal OAuthError
			got.decode(t, &refusal)
			assert.Equal(t, test.refusal, refusal)
		})
	}
	org.RefuseTokens(1, NoRunAsUser)
	assert.Contains(t, post(t, org.URL+"/services/oauth2/token", credentials(org)).body, "no client credentials user enabled")
	assert.Equal(t, http.StatusOK, post(t, org.URL+"/services/oauth2/token", credentials(org)).status)
}

// sign makes a JWT.
func sign(t *testing.T, key *rsa.PrivateKey, algorithm string, claims map[string]any) string {
	t.Helper()
	header, err := json.Marshal(map[string]string{"alg": algorithm})
	require.NoError(t, err)
	body, err := json.Marshal(claims)
	require.NoError(t, err)
	text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(body)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	require.NoError(t, err)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}

func TestAssertions(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	org := start(t, Settings{PublicKey: &key.PublicKey})
	claims := func(change func(map[string]any)) map[string]any {
		claims := map[string]any{
			"iss": org.Settings().ClientID, "sub": org.Settings().Username, "aud": "https://login.salesforce.com", "exp": time.Now().Add(2 * time.Minute).Unix(),
		}
		if change != nil {
			change(claims)
		}
		return claims
	}
	set := func(name string, value any) map[string]any {
		return claims(func(c map[string]any) { c[name] = value })
	}
	for name, test := range map[string]struct {
		assertion string
		refusal   OAuthError
	}{
		"good":            {sign(t, key, "RS256", claims(nil)), OAuthError{}},
		"my domain":       {sign(t, key, "RS256", set("aud", org.URL)), OAuthError{}},
		"no jwt":          {"text", InvalidAssertion},
		"not base64":      {"a.b.!", InvalidAssertion},
		"other key":       {sign(t, stranger, "RS256", claims(nil)), InvalidAssertion},
		"other algorithm": {sign(t, key, "none", claims(nil)), InvalidAssertion},
		"other app":       {sign(t, key, "RS256", set("iss", "other")), InvalidClientID},
		"other audience":  {sign(t, key, "RS256", set("aud", "https://test.salesforce.com")), InvalidAudience},
		"other user":      {sign(t, key, "RS256", set("sub", "other")), NotApproved},
		"expired":         {sign(t, key, "RS256", set("exp", time.Now().Add(-time.Minute).Unix())), ExpiredAssertion},
		"too long":        {sign(t, key, "RS256", set("exp", time.Now().Add(10*time.Minute).Unix())), InvalidAssertion},
	} {
		t.Run(name, func(t *testing.T) {
			got := post(t, org.URL+"/services/oauth2/token", url.Values{"grant_type": {jwtBearer}, "assertion": {test.assertion}})
			var refusal OAuthError
			got.decode(t, &refusal)
			assert.Equal(t, test.refusal, refusal)
			assert.Equal(t, test.refusal == OAuthError{}, got.status == http.StatusOK)
		})
	}
}

func TestOneTokenForBothAPIs(t *testing.T) {
	org := start(t, Settings{})
	connection, err := grpc.NewClient(org.PubSub.Address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer func() { assert.NoError(t, connection.Close()) }()
	client := pubsubapi.NewPubSubClient(connection)
	token := org.Token()
	topic := func(instanceURL, tenantID string) codes.Code {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "accesstoken", token, "instanceurl", instanceURL, "tenantid", tenantID)
		_, err := client.GetTopic(ctx, &pubsubapi.TopicRequest{TopicName: "/data/CaseChangeEvent"})
		return status.Code(err)
	}
	assert.Equal(t, codes.OK, topic(org.URL, org.Settings().OrganizationID))
	assert.Equal(t, codes.Unauthenticated, topic("https://elsewhere.example", org.Settings().OrganizationID))
	assert.Equal(t, codes.Unauthenticated, topic(org.URL, "00D"))
	org.ExpireTokens()
	assert.Equal(t, codes.Unauthenticated, topic(org.URL, org.Settings().OrganizationID))
}
