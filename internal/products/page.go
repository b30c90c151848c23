// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package products // import "github.com/integrationlog/integrationlog/internal/products"

import (
	"fmt"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// page is the type of the extensions that show the log.
const page = "log_page"

// optionalLogin is the id of the login that a page goes without where nobody has set it up.
const optionalLogin = "basicauth/optional"

// tellPages tells the pages that show the log which products are off, and which variables
// would switch them on. Where the page is, is reported.
func (c *converter) tellPages(conf *confmap.Conf, off map[string]any, width int) error {
	running, _ := conf.Get("service::extensions").([]any)
	extensions, _ := conf.Get("extensions").(map[string]any)
	for id := range extensions {
		if kind, _, _ := strings.Cut(id, "/"); kind != page || !slices.Contains(running, any(id)) {
			continue
		}
		key := "extensions::" + id
		if err := removeEmptyLogin(conf, key); err != nil {
			return err
		}
		fmt.Fprintf(c.report, "%-*s  on   %s\n", width, "Log page", address(conf, key))
		if len(off) == 0 || conf.IsSet(key+"::products_off") {
			continue
		}
		told := map[string]any{"extensions": map[string]any{id: map[string]any{"products_off": off}}}
		if err := conf.Merge(confmap.NewFromStringMap(told)); err != nil {
			return err
		}
	}
	return nil
}

// removeEmptyLogin takes the optional login out of a page where it has no file of users. The
// page itself sees to it that only this machine can reach it then. No other login is taken
// out: whoever forgot its users must not have a page that asks for none.
func removeEmptyLogin(conf *confmap.Conf, page string) error {
	login := "extensions::" + optionalLogin + "::htpasswd::"
	if conf.Get(page+"::auth::authenticator") != optionalLogin || !isEmpty(conf.Get(login+"file")) || !isEmpty(conf.Get(login+"inline")) {
		return nil
	}
	conf.Delete(page + "::auth")
	conf.Delete("extensions::" + optionalLogin)
	running, _ := conf.Get("service::extensions").([]any)
	kept := slices.DeleteFunc(slices.Clone(running), func(id any) bool { return id == optionalLogin })
	return conf.Merge(confmap.NewFromStringMap(map[string]any{"service": map[string]any{"extensions": kept}}))
}

func toAny(texts []string) []any {
	values := make([]any, 0, len(texts))
	for _, text := range texts {
		values = append(values, text)
	}
	return values
}
