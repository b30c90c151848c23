// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package entry // import "github.com/integrationlog/integrationlog/internal/entry"

import (
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// activity makes an activity of an entry.
func (s *Source) activity(e *Entry, received time.Time) activity.Activity {
	a := activity.Activity{
		Product:        s.product.Slug,
		Evidence:       activity.Reported,
		Account:        firstOf(e.Get(subdomainPath), e.Get(accountIDPath)),
		Time:           timeOf(e.Get(timestampPath)),
		Observed:       received,
		Description:    e.Get(messagePath),
		ObjectType:     e.Get(objectTypePath),
		ObjectID:       e.Get(objectIDPath),
		HTTPStatusCode: e.statusCode(),
		Attributes:     s.attributes(e),
	}
	if e.Level() != "" {
		a.Status = activity.Status(e.Get(levelPath))
	}
	a.Error = e.failure(a.HTTPStatusCode)
	if s.config.IncludePayload {
		a.Payload = string(e.raw)
	}
	s.product.Complete(e, &a)
	if a.Status == "" {
		e.settle(&a)
	}
	a.ID = e.id(&a)
	return a
}

// attributes are the product's own, and those that the configuration includes.
func (s *Source) attributes(e *Entry) []attribute.KeyValue {
	kvs := make([]attribute.KeyValue, 0, e.size())
	if service := e.Get(servicePath); service != "" {
		kvs = append(kvs, attribute.String(s.product.Prefix+".service", service))
	}
	for number, field := range s.schema.fields {
		if value := e.values[number]; field.Attribute != "" && value != "" {
			kvs = append(kvs, attribute.String(field.Attribute, value))
		}
	}
	return kvs
}

// size is how many fields have a value.
func (e *Entry) size() (n int) {
	for _, value := range e.values {
		if value != "" {
			n++
		}
	}
	return n
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

func truncate(text string) string { return activity.Truncate(text, maxText) }
