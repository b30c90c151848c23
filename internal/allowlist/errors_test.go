// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package allowlist

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/require"
)

func TestErrorsQuoteNothing(t *testing.T) {
	deep := strings.Repeat("[", 20_000)
	tests := map[string]error{
		"":                              errNoObject,
		" ":                             errNoObject,
		"canary":                        errNoObject,
		"null":                          errNoObject,
		`["canary"]`:                    errNoObject,
		`"canary"`:                      errNoObject,
		`<order canary="1"/>`:           errNoObject,
		"\ufeff{\"id\":1}":              errNoObject,
		`{`:                             errCutOff,
		`{"canary":`:                    errCutOff,
		`{"id":1`:                       errCutOff,
		`{"id":"canary`:                 errCutOff,
		`{"list":["a"`:                  errCutOff,
		`{"user":{"id":1}`:              errCutOff,
		`{"errors":[`:                   errCutOff,
		`{"errors":["a"`:                errCutOff,
		`{"errors":["a",{"canary":1`:    errCutOff,
		`{"canary" 1}`:                  errSyntax,
		`{canary:1}`:                    errSyntax,
		`{"id":01}`:                     errSyntax,
		`{"id":tru}`:                    errSyntax,
		`{"id":1,}`:                     errSyntax,
		`{"id":"a\canary"}`:             errSyntax,
		"{\"id\":\"canary\n\"}":         errSyntax,
		`{"user":{"id":1]}`:             errSyntax,
		`{"errors":["a"}`:               errSyntax,
		`{"errors":["a" "canary"]}`:     errSyntax,
		`{"canary":` + deep:             errSyntax,
		`{"list":` + deep:               errSyntax,
		`{"id":1}{"canary":2}`:          errManyParts,
		`{"id":1} canary`:               errManyParts,
		"{\"id\":1}\x00":                errManyParts,
		"{\"id\":1}\n{\"canary\":\"x\"": errManyParts,
	}
	for body, want := range tests {
		require.Equal(t, want, Object([]byte(body), allowed, kept{}), "%.40q", body)
	}
	for body, want := range map[string]error{
		"":                    errNoList,
		`{"canary":1}`:        errNoList,
		"canary":              errNoList,
		`["canary"`:           errCutOff,
		`["canary`:            errCutOff,
		`[`:                   errCutOff,
		`[canary]`:            errSyntax,
		`[1,]`:                errSyntax,
		`[1}`:                 errSyntax,
		`["a"]["canary"]`:     errManyParts,
		`["a"],`:              errManyParts,
		"[1]\n{\"canary\":1}": errManyParts,
	} {
		require.Equal(t, want, Elements([]byte(body), func(jsontext.Value) {}), "%.40q", body)
	}
}

// TestDecodeQuotesNothing covers errors that the caller's own function returns.
func TestDecodeQuotesNothing(t *testing.T) {
	err := Decode([]byte(`{}`), func(*jsontext.Decoder) error { return errors.New("canary") })
	require.Equal(t, errSyntax, err)
	require.Equal(t, errManyParts, Decode([]byte(`"canary"`), func(*jsontext.Decoder) error { return nil }), "it was not read to its end")
}

// TestAfterAnError shows that nothing of a body that could not be read is left in what
// is used again.
func TestAfterAnError(t *testing.T) {
	for range 100 {
		require.Error(t, Object([]byte(`{"id":"canary","user":{"x":[`), allowed, kept{}))
		got := kept{}
		require.NoError(t, Object([]byte(`{"id":1}`), allowed, got))
		require.Equal(t, kept{id: {"1"}}, got)
	}
}

// TestConcurrently is of use with the race detector.
func TestConcurrently(t *testing.T) {
	done := make(chan error)
	for range 8 {
		go func() {
			var err error
			for range 200 {
				got := kept{}
				err = errors.Join(err, Object([]byte(`{"id":1,"list":[2]}`), allowed, got))
				if got[id][0] != "1" || got[list][0] != "[2]" {
					err = errors.Join(err, errors.New("another body's values"))
				}
			}
			done <- err
		}()
	}
	for range 8 {
		require.NoError(t, <-done)
	}
}
