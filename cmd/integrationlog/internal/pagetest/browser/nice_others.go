// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import "github.com/chromedp/chromedp"

// nice is what has Chromium step back for what it looks at: nothing but on Linux.
var nice []chromedp.ExecAllocatorOption
