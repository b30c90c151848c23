// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Package advice says what an admin can do about an activity, how far it can be believed,
// and what cannot be seen of a product at all.
//
// It returns keys into package messages, so that everything is said in each language. What
// it knows of errors is from the vendors' documentation and from docs/products; of what it
// does not know it says nothing.
package advice // import "github.com/integrationlog/integrationlog/collector-components/logpageextension/internal/advice"
