// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package products switches the products of a configuration on and off by environment
// variables.
package products // import "github.com/integrationlog/integrationlog/internal/products"

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/confmap"
)

// section is the part of a configuration that names the products. The converter
// takes it out, because the collector itself knows no such section.
const section = "products"

// metrics is the type of the exporters that want to know which products are on.
const metrics = "activity_metrics"

// Product is one row of the section.
type Product struct {
	// Name is what people call the product.
	Name string `mapstructure:"name"`
	// Product is its slug in the log; the metrics know nothing of one that has none.
	Product string `mapstructure:"product"`
	// Receiver is the id of its receiver.
	Receiver string `mapstructure:"receiver"`
	// Variables are the environment variables that must all be set.
	Variables []string `mapstructure:"variables"`
	// Alternative are variables that do as well, where all of them are set.
	Alternative []string `mapstructure:"alternative"`
}

// NewConverterFactory returns a converter that takes out the receivers of products
// that are off, and TLS settings without a certificate. A configuration without a
// section "products" is left as it is. What is on and what is off is written to
// report, a line each.
func NewConverterFactory(report io.Writer) confmap.ConverterFactory {
	return confmap.NewConverterFactory(func(confmap.ConverterSettings) confmap.Converter {
		return &converter{report: report, lookup: os.LookupEnv}
	})
}

type converter struct {
	report io.Writer
	lookup func(variable string) (string, bool)
}

// Convert implements confmap.Converter.
func (c *converter) Convert(_ context.Context, conf *confmap.Conf) error {
	if !conf.IsSet(section) {
		return nil
	}
	var parsed struct {
		Products []Product `mapstructure:"products"`
	}
	own := confmap.NewFromStringMap(map[string]any{section: conf.Get(section)})
	if err := own.Unmarshal(&parsed); err != nil {
		return fmt.Errorf("%s: %w", section, err)
	}
	conf.Delete(section)

	width := 0
	for _, product := range parsed.Products {
		width = max(width, len(product.Name))
	}
	var on, off []any
	variables := map[string]any{}
	for _, product := range parsed.Products {
		key := "receivers::" + product.Receiver
		if !conf.IsSet(key) {
			return fmt.Errorf("%s: product %q names receiver %q, which is not under receivers", section, product.Name, product.Receiver)
		}
		if missing := c.missingOf(product); len(missing) > 0 {
			conf.Delete(key)
			if err := removeFromPipelines(conf, product.Receiver); err != nil {
				return err
			}
			off = append(off, product.Product)
			if product.Product != "" {
				variables[product.Product] = toAny(missing)
			}
			fmt.Fprintf(c.report, "%-*s  off  set %s to switch it on\n", width, product.Name, strings.Join(missing, " and "))
			continue
		}
		if product.Product != "" {
			on = append(on, product.Product)
		}
		removeEmptyTLS(conf, key)
		fmt.Fprintf(c.report, "%-*s  on   %s\n", width, product.Name, address(conf, key))
	}
	return errors.Join(tellMetrics(conf, on, off), c.tellPages(conf, variables, width))
}

// missingOf returns what would switch a product on. Where there are two ways, it is the
// one that somebody has begun.
func (c *converter) missingOf(product Product) []string {
	missing := c.missing(product.Variables)
	if len(product.Alternative) == 0 {
		return missing
	}
	if other := c.missing(product.Alternative); len(other) < len(missing) {
		return other
	}
	return missing
}

func (c *converter) missing(variables []string) []string {
	var missing []string
	for _, variable := range variables {
		if value, _ := c.lookup(variable); strings.TrimSpace(value) == "" {
			missing = append(missing, variable)
		}
	}
	return missing
}

// removeFromPipelines takes a receiver out of all pipelines.
func removeFromPipelines(conf *confmap.Conf, receiver string) error {
	pipelines, _ := conf.Get("service::pipelines").(map[string]any)
	for name, pipeline := range pipelines {
		receivers, _ := pipeline.(map[string]any)["receivers"].([]any)
		kept := slices.DeleteFunc(slices.Clone(receivers), func(r any) bool { return r == receiver })
		if len(kept) == len(receivers) {
			continue
		}
		changed := map[string]any{"service": map[string]any{"pipelines": map[string]any{name: map[string]any{"receivers": kept}}}}
		if err := conf.Merge(confmap.NewFromStringMap(changed)); err != nil {
			return err
		}
	}
	return nil
}

// removeEmptyTLS takes TLS settings out that have neither certificate nor key. One
// without the other stays, so that the collector says what is missing.
func removeEmptyTLS(conf *confmap.Conf, receiver string) {
	tls, ok := conf.Get(receiver + "::tls").(map[string]any)
	if ok && isEmpty(tls["cert_file"]) && isEmpty(tls["key_file"]) {
		conf.Delete(receiver + "::tls")
	}
}

func isEmpty(value any) bool {
	return value == nil || value == ""
}

// address is where a product's webhooks are expected, or from where a product is fetched.
func address(conf *confmap.Conf, receiver string) string {
	endpoint, _ := conf.Get(receiver + "::endpoint").(string)
	if endpoint == "" {
		endpoint, _ = conf.Get(receiver + "::login_url").(string)
	}
	if endpoint == "" {
		return ""
	}
	if strings.Contains(endpoint, "://") {
		vendor, err := url.Parse(endpoint)
		if err != nil {
			return ""
		}
		return vendor.Scheme + "://" + vendor.Host // and no password, should there be one by mistake
	}
	scheme := "http"
	if conf.IsSet(receiver + "::tls") {
		scheme = "https"
	}
	path, _ := conf.Get(receiver + "::path").(string)
	return scheme + "://" + endpoint + path
}
