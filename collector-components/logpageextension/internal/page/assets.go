// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package page // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/page"

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// assets are files that browsers keep for good: a changed file has another name.
var assets = mustLoadAssets()

type asset struct {
	contentType string
	content     []byte
}

// assetStore has the assets by the names that they have in URLs.
type assetStore struct {
	byURL map[string]asset
	urls  map[string]string
}

var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

func mustLoadAssets() *assetStore {
	store := &assetStore{byURL: map[string]asset{}, urls: map[string]string{}}
	entries, err := assetFiles.ReadDir("assets")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, entry := range entries {
		content, err := assetFiles.ReadFile("assets/" + entry.Name())
		if err != nil {
			panic(err) // it is embedded
		}
		sum := sha256.Sum256(content)
		extension := path.Ext(entry.Name())
		url := "assets/" + strings.TrimSuffix(entry.Name(), extension) + "." + hex.EncodeToString(sum[:6]) + extension
		store.byURL["/"+url] = asset{contentTypes[extension], content}
		store.urls[entry.Name()] = url
	}
	return store
}

func (s *assetStore) url(name string) string { return s.urls[name] }

func (s *assetStore) urlsOf(names ...string) []string {
	urls := make([]string, len(names))
	for i, name := range names {
		urls[i] = s.url(name)
	}
	return urls
}

// ServeHTTP answers with an asset.
func (s *assetStore) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	found, ok := s.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", found.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(found.content)))
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(found.content) // whoever went away needs no answer
}
