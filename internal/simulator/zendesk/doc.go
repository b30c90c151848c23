// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package zendesk is a simulated Zendesk account: OAuth, the webhooks API with its
// invocations and attempts, and the search for organizations and users. It is written
// from Zendesk's pages and from what recorded answers look like, and shares no code
// with the receivers:
//
// https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
// https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
// https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/
// https://developer.zendesk.com/api-reference/ticketing/users/users/
// https://developer.zendesk.com/api-reference/introduction/rate-limits/
package zendesk // import "github.com/integrationlog/integrationlog/internal/simulator/zendesk"
