// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package harness // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/integrationlog/integrationlog/internal/activity"
)

// Pushed is a product, other than Shopify, whose senders show a secret as it is.
type Pushed struct {
	// Product is its slug, and the last part of the path that it posts to.
	Product activity.Product
	// Receiver is the name of its receiver's directory.
	Receiver string
	// Variable switches it on.
	Variable string
	// Secret lets its senders in.
	Secret string
}

// PushedProducts are all that there are.
var PushedProducts = []Pushed{
	{activity.BotBuilder, "botbuilderreceiver", "BOT_BUILDER_TOKEN", "token-of-the-bot"},
	{activity.Actions, "actionsreceiver", "ACTIONS_TOKEN", "token-of-the-actions"},
	{activity.ZIS, "zisreceiver", "ZIS_TOKEN", "token-of-the-flows"},
	{activity.SunshineConversations, "sunshineconversationsreceiver", "SUNCO_WEBHOOK_SECRET", "secret-of-the-conversations"},
}

// apiKeyHeader is what Sunshine Conversations sends, and what a connection of Zendesk's
// can be told to send.
const apiKeyHeader = "X-API-Key" //nolint:gosec // it is the name of a header

// Push posts a body to a product's path, with a secret that may be another product's.
func (i *Installation) Push(ctx context.Context, product activity.Product, secret string, body []byte) (Answer, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, i.PushURL(product), bytes.NewReader(body))
	if err != nil {
		return Answer{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	if secret != "" {
		request.Header.Set(apiKeyHeader, secret)
	}
	response, err := client.Do(request)
	if err != nil {
		return Answer{}, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return Answer{Code: response.StatusCode, RetryAfter: response.Header.Get("Retry-After"), Body: string(text)}, err
}

// PushURL is where a product posts to.
func (i *Installation) PushURL(product activity.Product) string {
	return strings.TrimSuffix(i.Shop.URL, string(activity.Shopify)) + string(product)
}

// PushedBody returns a body that one of the pushed products posts, with one failure that
// happened at this time.
func PushedBody(product activity.Product, id string, at time.Time) []byte {
	if product != activity.SunshineConversations {
		return fmt.Appendf(nil, `{"id":%q,"timestamp":%q,"level":"error","message":"It failed"}`, id, at.UTC().Format(time.RFC3339Nano))
	}
	return SunCoBatch(SunCoFailure(id, at))
}

// SunCoBatch returns a webhook of Sunshine Conversations with these events.
func SunCoBatch(events ...string) []byte {
	return fmt.Appendf(nil, `{"app":{"id":"64b5c0d619a30a2e00de36b8"},"webhook":{"id":"64b5c0d619a30a2e00de36b9","version":"v2"},"events":[%s]}`, strings.Join(events, ","))
}

// SunCoFailure returns the event of a message that could not be delivered.
func SunCoFailure(id string, at time.Time) string {
	return fmt.Sprintf(`{"id":%q,"createdAt":%q,"type":"conversation:message:delivery:failure","payload":{
		"conversation":{"id":"64b5c0d619a30a2e00de36c3"},"message":{"id":"64b5c0d619a30a2e00de36c4"},"destination":{"type":"whatsapp"},
		"isFinalEvent":true,"error":{"code":"uncategorized_error","message":"It failed"}}}`, id, at.UTC().Format("2006-01-02T15:04:05.000Z"))
}
