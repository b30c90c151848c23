// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package senders sends what the vendors push: Shopify's signed webhooks, batches of
// Sunshine Conversations, and the entries that ZIS flows, bots and actions post of
// themselves, over real HTTP. It shares no code with the receivers.
//
// The samples are numbered: the same number and time make the same activity with the
// same ids, as it is sent again by a vendor that got no answer; another number makes
// another activity. They carry data of a person who does not exist, as real ones do,
// so that one can see that it does not get into the log.
//
// https://shopify.dev/docs/apps/build/webhooks/delivery-structure
// https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
// https://github.com/zendesk/sunshine-conversations-api-spec (openapi.yaml, x-webhooks)
// https://support.zendesk.com/hc/ko/articles/6733656753562 (the shape of an entry)
package senders // import "github.com/integrationlog/integrationlog/internal/simulator/senders"
