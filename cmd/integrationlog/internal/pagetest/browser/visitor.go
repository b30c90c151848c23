// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import (
	"cmp"
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Visitor is who opens a page, and with what. The zero value is somebody at a desk in
// London who reads English.
type Visitor struct {
	// Languages are what Accept-Language says, such as "fr-CH, fr;q=0.9".
	Languages string
	// Zone is the IANA name of the browser's time zone.
	Zone string
	// Dark prefers dark colours.
	Dark bool
	// Phone has a small screen.
	Phone bool
	// NoScript runs no script of a page.
	NoScript bool
	// Cookies are what a page has left on an earlier visit.
	Cookies map[string]string
}

// The screens, in CSS pixels.
const (
	desktopWidth, desktopHeight = 1280, 900
	phoneWidth, phoneHeight     = 390, 844
)

// settings make a tab that of the visitor.
func (v Visitor) settings() chromedp.Action[chromedp.Void] {
	languages := cmp.Or(v.Languages, "en-GB, en;q=0.9")
	zone := cmp.Or(v.Zone, "Europe/London")
	screen := chromedp.EmulateViewport(desktopWidth, desktopHeight)
	if v.Phone {
		screen = chromedp.EmulateViewport(phoneWidth, phoneHeight, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	colours := "light"
	if v.Dark {
		colours = "dark"
	}
	return chromedp.Steps(
		call(inspector.Enable, cdp.Empty{}),
		call(log.Enable, cdp.Empty{}),
		call(network.Enable, network.EnableParams{}),
		call(page.Enable, page.EnableParams{}),
		call(runtime.Enable, cdp.Empty{}),
		screen,
		call(network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": languages}}),
		call(emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone}),
		call(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: colours}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
		call(emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript}),
	)
}

func call[P, R any](command cdp.Command[P, R], parameters P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, command, parameters)
		return err
	})
}
