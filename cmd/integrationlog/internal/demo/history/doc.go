// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package history invents what the integrations of one company did in the last week, and
// what they do now: three shops, bots, actions, flows, webhooks, channels, and a Salesforce
// organization. Working hours are busy, nights and weekends quiet, a few things fail all
// the time, and three things went badly wrong.
//
// It is all made of a seed and the time, and nothing else: the same two give the same
// events. It sends nothing; who plays the vendors does. Persons in it do not exist and are
// at example.com.
package history // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/demo/history"
