// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package main // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/screenshots"

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// A picture is of one view, as one device shows it.
type picture struct {
	file string
	// path is what is opened, and open what is clicked on then, if anything.
	path, open    string
	width, height int64
	phone, dark   bool
}

// The sizes of a usual window on a desktop, and of a phone, in CSS pixels.
const (
	desktopWidth, desktopHeight = 1280, 900
	phoneWidth, phoneHeight     = 390, 844
)

const (
	// content is what every view has.
	content = "#content"
	// loading stands for what is not there yet.
	loading = ".loading"
	// firstRow leads to the details of the first activity, which are then shown as details.
	firstRow = "#split tbody tr a"
	details  = "#details"
)

// pictures are all that are made, each light and dark.
var pictures = []picture{
	{file: "log-page", path: "/", width: desktopWidth, height: desktopHeight},
	{file: "log-page-details", path: "/?status=error", open: firstRow, width: desktopWidth, height: desktopHeight},
	{file: "log-page-errors", path: "/errors", width: desktopWidth, height: desktopHeight},
	{file: "log-page-sources", path: "/sources", width: desktopWidth, height: desktopHeight},
	{file: "log-page-phone", path: "/", width: phoneWidth, height: phoneHeight, phone: true},
}

// photographAll makes all pictures.
func photographAll(ctx context.Context, page, zone, directory string) error {
	// Containers have neither a GPU nor the rights that the sandbox needs.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("hide-scrollbars", true))
	ctx, end := chromedp.NewExecAllocator(ctx, options...)
	defer end()
	for _, p := range pictures {
		for _, dark := range []bool{false, true} {
			p.dark = dark
			if err := p.photograph(ctx, page, zone, directory); err != nil {
				return fmt.Errorf("%s: %w", p.name(), err)
			}
		}
	}
	return nil
}

func (p *picture) name() string {
	if p.dark {
		return p.file + "-dark.png"
	}
	return p.file + ".png"
}

// photograph makes one picture, in a tab of its own.
func (p *picture) photograph(ctx context.Context, page, zone, directory string) error {
	ctx, end := chromedp.NewContext(ctx)
	defer end()
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, p.device(zone), chromedp.Navigate(page+p.path), chromedp.WaitVisible(content), chromedp.WaitNotPresent(loading)); err != nil {
		return err
	}
	if p.open != "" {
		if err := chromedp.Do(ctx, chromedp.Click(p.open), chromedp.WaitVisible(details), chromedp.WaitNotPresent(loading)); err != nil {
			return err
		}
	}
	image, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(directory, p.name()), image, 0o644) //nolint:gosec // everybody may look at it
}

// device makes a tab that of the device.
func (p *picture) device(zone string) chromedp.Action[chromedp.Void] {
	screen := chromedp.EmulateViewport(p.width, p.height, chromedp.EmulateScale(2))
	if p.phone {
		screen = chromedp.EmulateViewport(p.width, p.height, chromedp.EmulateScale(2), chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	scheme := "light"
	if p.dark {
		scheme = "dark"
	}
	return chromedp.Steps(
		screen,
		call(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
	)
}

func call[P, R any](command cdp.Command[P, R], parameters P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, parameters)
		return err
	})
}
