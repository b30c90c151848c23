// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:generate go tool mdatagen metadata.yaml

// Package webhook is what all receivers share to which a vendor pushes: one
// listener for all receivers with the same endpoint, verification, limits,
// deduplication, the hand-over to the pipeline, and the replies.
//
// A receiver brings a [Source], which knows one vendor's signatures, payloads and
// reply rules, and gets a receiver.Logs from [NewReceiver].
//
// The promise of a 2xx is that the pipeline has taken the activities: with the
// sending queue on disk behind it, that they are stored durably. Whatever may
// succeed later is answered with 503 and Retry-After.
package webhook // import "github.com/integrationlog/integrationlog/internal/webhook"
