// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package attacks

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// canary is in each secret, and nowhere else.
const canary = "CANARY-4b1d"

// secretVariables are those that hold a secret, and canaries for them.
var secretVariables = map[string]string{
	"SHOPIFY_WEBHOOK_SECRET": canary + "-shopify-old, " + canary + "-shopify-new", "SUNCO_WEBHOOK_SECRET": canary + "-sunco",
	"ZIS_TOKEN": canary + "-zis", "BOT_BUILDER_TOKEN": canary + "-bot", "ACTIONS_TOKEN": canary + "-actions",
	"ZENDESK_CLIENT_SECRET": canary + "-zendesk", "SALESFORCE_CLIENT_SECRET": canary + "-salesforce",
	"LOKI_AUTHORIZATION": "Bearer " + canary + "-loki",
}

// otherCredentials are what the vendors' other ways to be asked take, in place of the clients'
// secrets. The key is none that can be marked: its text is looked for.
func otherCredentials(t *testing.T) map[string]string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "salesforce.pem")
	require.NoError(t, os.WriteFile(file, salesforceKey, 0o600))
	return map[string]string{
		"ZENDESK_CLIENT_ID": "", "ZENDESK_CLIENT_SECRET": "", "ZENDESK_EMAIL": "the-client@example.com", "ZENDESK_API_TOKEN": canary + "-token",
		"SALESFORCE_CLIENT_SECRET": "", "SALESFORCE_USERNAME": "the-user@example.com", "SALESFORCE_PRIVATE_KEY_FILE": file,
	}
}

// salesforceKey is a private key, in PEM.
var salesforceKey = func() []byte {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}()

// requireNoSecret requires that there is no secret in a text, as it is or in base64.
func requireNoSecret(t *testing.T, where, text string) {
	t.Helper()
	for _, form := range canaries {
		if at := strings.Index(text, form); at >= 0 {
			assert.Fail(t, "a secret", "%s: …%.300s", where, text[max(0, at-200):])
			return
		}
	}
}

// canaries are the forms of a canary: wherever it stands, base64 has it in one of three.
var canaries = func() []string {
	forms := []string{strings.Split(string(salesforceKey), "\n")[7], canary, url.QueryEscape(canary), fmt.Sprintf("%x", canary)}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", shift) + canary))
		forms = append(forms, strings.TrimRight(encoded[(shift*8+5)/6:], "=")[:len(canary)])
	}
	return forms
}()

func requireNoSecretIn(t *testing.T, directory string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		files++
		requireNoSecret(t, path, string(content))
		return err
	}))
	require.Positive(t, files)
}
