// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package messages // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/messages"

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"
)

//go:embed texts/*.json
var files embed.FS

// text is one text of a language: a sentence, or one for each plural form.
type text struct {
	sentence   string
	one, other string
}

// UnmarshalJSON reads a string, or an object with the forms one and other.
func (t *text) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.sentence) == nil && t.sentence != "" {
		return nil
	}
	forms := map[string]string{}
	err := json.Unmarshal(data, &forms)
	t.one, t.other = forms["one"], forms["other"]
	if err != nil || t.one == "" || t.other == "" || len(forms) != 2 {
		return fmt.Errorf("a text is a string that is not empty, or has the two forms one and other; this is %s", data)
	}
	return nil
}

func (t *text) message() catalog.Message {
	if t.sentence != "" {
		return catalog.String(t.sentence)
	}
	return plural.Selectf(1, "%d", "one", t.one, "other", t.other)
}

// dictionary has all texts.
type dictionary struct {
	catalog    catalog.Catalog
	byLanguage map[language.Tag]map[string]text
}

// texts are read when the program starts: a file of its own that it cannot read is a fault
// that the first test meets.
var texts = mustLoad()

func mustLoad() *dictionary {
	loaded, err := load()
	if err != nil {
		panic(err)
	}
	return loaded
}

func load() (*dictionary, error) {
	builder := catalog.NewBuilder(catalog.Fallback(language.English))
	d := &dictionary{catalog: builder, byLanguage: map[language.Tag]map[string]text{}}
	entries, err := files.ReadDir("texts")
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		name := path.Join("texts", entry.Name())
		if err := d.add(builder, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return d, nil
}

// add reads a file whose name is its part of the page, its language and json.
func (d *dictionary) add(builder *catalog.Builder, name string) error {
	parts := strings.Split(path.Base(name), ".")
	if len(parts) != 3 {
		return errors.New("its name must be like page.en.json")
	}
	tag, err := language.Parse(parts[1])
	if err != nil {
		return err
	}
	data, err := files.ReadFile(name)
	if err != nil {
		return err
	}
	read := map[string]text{}
	if err := json.Unmarshal(data, &read); err != nil {
		return err
	}
	if d.byLanguage[tag] == nil {
		d.byLanguage[tag] = map[string]text{}
	}
	for key, t := range read {
		if _, twice := d.byLanguage[tag][key]; twice {
			return fmt.Errorf("%s is in another file too", key)
		}
		d.byLanguage[tag][key] = t
		if err := builder.Set(tag, key, t.message()); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}
