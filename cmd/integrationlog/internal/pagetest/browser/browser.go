// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import (
	"context"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// commands are what Chromium is called, on Debian first.
var commands = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Browser is a Chromium that runs.
type Browser struct {
	ctx context.Context //nolint:containedctx // it is the browser's handle, and ends with the test
}

// Start starts Chromium without a window, and without anything that it would ask of the
// network by itself. It ends with the test. Where there is no Chromium the test fails.
func Start(t *testing.T) *Browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(find(t)), chromedp.UserDataDir(t.TempDir()),
		// Containers have neither a GPU nor the rights that the sandbox needs.
		chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-pings", true), chromedp.Flag("disable-domain-reliability", true),
	)
	options = append(options, nice...)
	// The test's own context ends before what cleans up.
	ctx, _ := chromedp.NewExecAllocator(context.WithoutCancel(t.Context()), options...)
	ctx, _ = chromedp.NewContext(ctx)
	require.NoError(t, chromedp.Do(ctx), "start of Chromium")
	t.Cleanup(func() { require.NoError(t, chromedp.Cancel(ctx), "end of Chromium") })
	return &Browser{ctx}
}

func find(t *testing.T) string {
	t.Helper()
	for _, command := range commands {
		if path, err := exec.LookPath(command); err == nil {
			return path
		}
	}
	require.FailNow(t, "Chromium is missing", "Install it, on Debian or Ubuntu with apt-get install chromium fonts-dejavu-core; it is looked for as %v.", commands)
	return ""
}
