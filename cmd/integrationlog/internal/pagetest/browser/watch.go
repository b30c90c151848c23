// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync"

	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Watch notices what pages do in a tab. Its methods can be used while pages do it.
type Watch struct {
	mu       sync.Mutex
	own      []string
	requests []string
	faults   []string
	dialogs  chan struct{}
}

// Requests returns the addresses of all requests so far.
func (w *Watch) Requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.requests)
}

// Faults returns what no page of ours may do: open a dialog, throw an exception, crash, break
// the Content-Security-Policy or ask another host than those that the test opened.
func (w *Watch) Faults() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.faults)
}

// expect says that requests to the host of an address are the page's own.
func (w *Watch) expect(address string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if parsed, err := url.Parse(address); err == nil {
		w.own = append(w.own, parsed.Host)
	}
}

// notice is called with each event, and must not wait for anything.
func (w *Watch) notice(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, event.Request.URL)
		if parsed, err := url.Parse(event.Request.URL); err != nil || parsed.Host != "" && !slices.Contains(w.own, parsed.Host) {
			w.fault("a request to %s", event.Request.URL)
		}
	case *page.EventJavascriptDialogOpening:
		w.fault("a dialog: %s", event.Message)
		select {
		case w.dialogs <- struct{}{}:
		default:
		}
	case *inspector.EventTargetCrashed:
		w.fault("a crash of the browser's tab")
	case *runtime.EventExceptionThrown:
		w.fault("an exception: %s", event.ExceptionDetails.Text+" "+describe(event.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if event.Entry.Source == log.EntrySourceSecurity || event.Entry.Source == log.EntrySourceViolation {
			w.fault("a violation: %s", event.Entry.Text)
		}
	}
}

func (w *Watch) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func describe(object *runtime.RemoteObject) string {
	if object == nil {
		return ""
	}
	return object.Description
}

// closeDialogs lets a page go on that has opened a dialog.
func (w *Watch) closeDialogs(ctx context.Context) {
	for {
		select {
		case <-w.dialogs:
			_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}) // it may be closed by now
		case <-ctx.Done():
			return
		}
	}
}
