// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/e2e/harness"
)

// Patience is how long anything on a page may take, on a machine that is busy.
const Patience = 15 * time.Second

// Tab is a tab of its own visitor: its cookies are nobody else's.
type Tab struct {
	*Watch

	t *testing.T
	// touched is set where fingers do what a mouse does elsewhere.
	touched bool
	ctx     context.Context //nolint:containedctx // it is the tab's handle, and ends with the test
}

// Open opens an address in a new tab, and waits until it is loaded. When the test ends, it
// fails if the page did what no page of ours may do: see [Watch.Faults].
func (b *Browser) Open(t *testing.T, visitor Visitor, address string) *Tab {
	t.Helper()
	tab := b.tab(t, visitor)
	for name, value := range visitor.Cookies {
		require.NoError(t, tab.do(call(network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: address})))
	}
	tab.Go(address)
	t.Cleanup(func() { require.Empty(t, tab.Faults(), "what a page did in %s", t.Name()) })
	return tab
}

func (b *Browser) tab(t *testing.T, visitor Visitor) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	require.NoError(t, chromedp.Do(ctx, visitor.settings()))
	tab := &Tab{Watch: &Watch{dialogs: make(chan struct{}, 1)}, t: t, ctx: ctx, touched: visitor.Phone}
	require.NoError(t, chromedp.Listen(ctx, tab.notice))
	go tab.closeDialogs(ctx)
	return tab
}

// Go opens an address, as if it was typed, and waits until it is loaded.
func (tab *Tab) Go(address string) {
	tab.t.Helper()
	tab.expect(address)
	tab.Leave(func() {
		result, err := run(tab, func(ctx context.Context, target *chromedp.Target) (page.NavigateResult, error) {
			return cdp.Call(ctx, target, page.Navigate, page.NavigateParams{URL: address})
		})
		require.NoError(tab.t, err, address)
		require.Empty(tab.t, result.ErrorText, address)
	})
}

// Back is the browser's button; it waits until the page is shown.
func (tab *Tab) Back() {
	tab.t.Helper()
	tab.move(-1)
}

// Forward is the browser's button; it waits until the page is shown.
func (tab *Tab) Forward() {
	tab.t.Helper()
	tab.move(1)
}

// move goes through the tab's history. A page that the browser has kept is not loaded again,
// so its address is what is waited for.
func (tab *Tab) move(by int) {
	tab.t.Helper()
	history, err := run(tab, chromedp.NavigationEntries())
	require.NoError(tab.t, err)
	to := int(history.CurrentIndex) + by
	require.True(tab.t, to >= 0 && to < len(history.Entries), "there is no page to go to")
	entry := history.Entries[to]
	require.NoError(tab.t, tab.do(call(page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: entry.ID})))
	tab.Until(func() error {
		if now, err := run(tab, chromedp.NavigationEntries()); err != nil || int(now.CurrentIndex) != to {
			return fmt.Errorf("the tab is not at %s: %w", entry.URL, err)
		}
		_, err := Eval[string](tab, "document.readyState")
		return err
	})
}

// Leave does what leads to another page, and waits until that is loaded.
func (tab *Tab) Leave(do func()) {
	tab.t.Helper()
	MustEval[bool](tab, "window.isLeft = true")
	do()
	tab.Until(func() error {
		loaded, err := Eval[bool](tab, `!("isLeft" in window) && document.readyState === "complete"`)
		if err == nil && !loaded {
			err = errors.New("no other page was loaded")
		}
		return err
	})
}

// Address returns what the address bar shows, once no other page is just being loaded.
func (tab *Tab) Address() (address string) {
	tab.t.Helper()
	tab.Until(func() (err error) {
		address, err = run(tab, chromedp.Location())
		return err
	})
	return address
}

// Until tries until the condition returns nil. While a page is loaded, a condition may fail
// for want of it.
func (tab *Tab) Until(condition func() error) {
	tab.t.Helper()
	harness.Eventually(tab.t, Patience, func(context.Context) error { return condition() })
}

// Eval returns the value of a JavaScript expression on the page. It can be used where the
// visitor runs no script.
func Eval[T any](tab *Tab, expression string) (T, error) {
	return run(tab, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// MustEval is Eval where it cannot fail.
func MustEval[T any](tab *Tab, expression string) T {
	tab.t.Helper()
	value, err := Eval[T](tab, expression)
	require.NoError(tab.t, err, expression)
	return value
}

func run[T any](tab *Tab, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(tab.ctx, Patience)
	defer cancel()
	return chromedp.Run(ctx, action)
}

func (tab *Tab) do(steps ...chromedp.Action[chromedp.Void]) error {
	_, err := run(tab, chromedp.Steps(steps...))
	return err
}
