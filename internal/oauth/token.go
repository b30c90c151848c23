// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package oauth // import "github.com/integrationlog/integrationlog/internal/oauth"

import (
	"context"
	"encoding/base64"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
)

// TokenSource gives the token for a request.
type TokenSource interface {
	// Token returns a token that is valid as far as can be known here.
	Token(ctx context.Context) (Token, error)
	// Invalidate says that the vendor refused a token, so that the next is another one.
	Invalidate(token Token)
}

// Token is what a request proves itself with. It is masked wherever it is printed.
type Token struct {
	// authorization is the value of the Authorization header.
	authorization configopaque.String
	// expiry is zero where the vendor does not tell.
	expiry time.Time
	extra  map[string]string
}

// NewBearer returns a bearer token, for tests and for tokens that come from elsewhere.
func NewBearer(value configopaque.String, expiry time.Time, extra map[string]string) Token {
	return Token{authorization: "Bearer " + value, expiry: expiry, extra: extra}
}

// Authorization returns the value of the Authorization header.
func (t Token) Authorization() string { return string(t.authorization) }

// Bearer returns the token alone, for protocols other than HTTP; it is empty where the
// token is none to bear.
func (t Token) Bearer() string {
	const scheme = "Bearer "
	if len(t.authorization) < len(scheme) || t.authorization[:len(scheme)] != scheme {
		return ""
	}
	return string(t.authorization[len(scheme):])
}

// Expiry returns when the token expires; zero where the vendor does not tell.
func (t Token) Expiry() time.Time { return t.expiry }

// Extra returns another text that came with the token, such as Salesforce's
// instance_url; it is empty where there was none.
func (t Token) Extra(name string) string { return t.extra[name] }

// String masks the token.
func (t Token) String() string { return t.authorization.String() }

// GoString masks the token.
func (t Token) GoString() string { return t.authorization.GoString() }

func (t Token) isZero() bool { return t.authorization == "" }

// basic is a token that never changes.
type basic struct{ token Token }

// NewBasic returns the token of basic authentication, which nobody renews.
func NewBasic(user string, password configopaque.String) TokenSource {
	credentials := base64.StdEncoding.EncodeToString([]byte(user + ":" + string(password)))
	return basic{token: Token{authorization: configopaque.String("Basic " + credentials)}}
}

func (b basic) Token(context.Context) (Token, error) { return b.token, nil }

func (basic) Invalidate(Token) {}
