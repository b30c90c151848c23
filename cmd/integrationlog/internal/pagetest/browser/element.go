// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package browser // import "github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Element is something on a page, as it is told to somebody who does not see it.
type Element struct {
	// Name is its accessible name.
	Name string

	tab  *Tab
	node cdp.BackendNodeID
}

// Find returns the one element of a role, such as button, and a name. It waits until there
// is one; two are an error.
func (tab *Tab) Find(role, name string) *Element {
	tab.t.Helper()
	var found *Element
	tab.Until(func() error {
		all, err := tab.query(0, role, name)
		if err == nil && len(all) != 1 {
			err = fmt.Errorf("%d elements of the role %s and the name %q: %w", len(all), role, name, tab.namesOf(role))
		}
		if err == nil {
			found = all[0]
		}
		return err
	})
	return found
}

// All returns all elements of a role, now. An empty name is any.
func (tab *Tab) All(role, name string) ([]*Element, error) { return tab.query(0, role, name) }

// All returns the elements of a role within this one.
func (e *Element) All(role, name string) ([]*Element, error) { return e.tab.query(e.node, role, name) }

// Find returns the one element of a role and a name within this one, which has to be there.
func (e *Element) Find(role, name string) (*Element, error) {
	all, err := e.All(role, name)
	if err == nil && len(all) != 1 {
		err = fmt.Errorf("%d elements of the role %s and the name %q in %q", len(all), role, name, e.Name)
	}
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// namesOf tells what there is instead of what is looked for.
func (tab *Tab) namesOf(role string) error {
	all, err := tab.query(0, role, "")
	if err != nil {
		return err
	}
	names := make([]string, len(all))
	for i, element := range all {
		names[i] = element.Name
	}
	return fmt.Errorf("there are %q", names)
}

// query asks for the accessibility tree below a node, or of the page. What is hidden from it
// is not there.
func (tab *Tab) query(root cdp.BackendNodeID, role, name string) ([]*Element, error) {
	return run(tab, func(ctx context.Context, target *chromedp.Target) ([]*Element, error) {
		if root == 0 {
			document, err := cdp.Call(ctx, target, dom.GetDocument, dom.GetDocumentParams{})
			if err != nil {
				return nil, err
			}
			root = document.Root.BackendNodeID
		}
		result, err := cdp.Call(ctx, target, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{BackendNodeID: root, Role: role, AccessibleName: name})
		if err != nil {
			return nil, err
		}
		var found []*Element
		for _, node := range result.Nodes {
			if !node.Ignored && node.BackendDOMNodeID != root {
				found = append(found, &Element{Name: textOf(node.Name), tab: tab, node: node.BackendDOMNodeID})
			}
		}
		return found, nil
	})
}

func textOf(value *accessibility.Value) string {
	if value == nil {
		return ""
	}
	var text string
	if err := json.Unmarshal(value.Value, &text); err != nil {
		return string(value.Value)
	}
	return text
}

// Click clicks into the middle of the element, or taps there on a phone, wherever the page
// has to be scrolled to. What something else covers cannot be clicked.
func (e *Element) Click() {
	e.tab.t.Helper()
	require.NoError(e.tab.t, e.uncovered(), "a click on %q", e.Name)
	require.NoError(e.tab.t, e.tab.do(func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		if _, err := cdp.Call(ctx, target, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: e.node}); err != nil {
			return chromedp.Void{}, err
		}
		result, err := cdp.Call(ctx, target, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: e.node})
		if err != nil {
			return chromedp.Void{}, err
		}
		if len(result.Quads) == 0 {
			return chromedp.Void{}, errors.New("it is not shown")
		}
		quad, touch := result.Quads[0], chromedp.TapXY
		if !e.tab.touched {
			touch = func(x, y float64) chromedp.Action[chromedp.Void] { return chromedp.MouseClickXY(x, y) }
		}
		return touch((quad[0]+quad[4])/2, (quad[1]+quad[5])/2)(ctx, target)
	}), "a click on %q", e.Name)
}

// covering is what is in the place of the middle of an element, where that is something else.
const covering = `function() {
	this.scrollIntoView({block: "nearest", inline: "nearest"});
	const box = this.getClientRects()[0];
	if (!box) return "nothing, for it is not shown";
	const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
	return at && (this.contains(at) || at.contains(this)) ? "" : at ? at.outerHTML.slice(0, 200) : "nothing";
}`

func (e *Element) uncovered() error {
	found, err := Apply[string](e, covering)
	if err == nil && found != "" {
		err = fmt.Errorf("in its place is %s", found)
	}
	return err
}

// Other returns the element to which a JavaScript function leads that has this one as this.
func (e *Element) Other(function string) *Element {
	e.tab.t.Helper()
	other, err := run(e.tab, func(ctx context.Context, target *chromedp.Target) (*Element, error) {
		object, err := cdp.Call(ctx, target, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: e.node})
		if err != nil {
			return nil, err
		}
		result, err := cdp.Call(ctx, target, runtime.CallFunctionOn, runtime.CallFunctionOnParams{ObjectID: object.Object.ObjectID, FunctionDeclaration: function})
		if err != nil {
			return nil, err
		}
		described, err := cdp.Call(ctx, target, dom.DescribeNode, dom.DescribeNodeParams{ObjectID: result.Result.ObjectID})
		if err != nil {
			return nil, err
		}
		return &Element{Name: e.Name, tab: e.tab, node: described.Node.BackendNodeID}, nil
	})
	require.NoError(e.tab.t, err, function)
	return other
}

// Follow clicks on what leads to another page, and waits until that is loaded.
func (e *Element) Follow() {
	e.tab.t.Helper()
	e.tab.Leave(e.Click)
}

// Type clicks into a field and types over what is there.
func (e *Element) Type(text string) {
	e.tab.t.Helper()
	e.Click()
	_, err := Apply[bool](e, "function() { this.select(); return true }")
	require.NoError(e.tab.t, err)
	e.tab.Insert(text)
}

// Set gives a value to a field that cannot be typed into in the same way everywhere, such as
// a date, and tells the page as typing would.
func (e *Element) Set(value string) {
	e.tab.t.Helper()
	quoted, err := json.Marshal(value)
	require.NoError(e.tab.t, err)
	_, err = Apply[bool](e, `function() {
		this.value = `+string(quoted)+`;
		this.dispatchEvent(new Event("input", {bubbles: true}));
		this.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	}`)
	require.NoError(e.tab.t, err)
}

// Value returns the value of a field.
func (e *Element) Value() (string, error) {
	return Apply[string](e, "function() { return this.value }")
}

// Text returns the text of the element as it is shown.
func (e *Element) Text() (string, error) {
	return Apply[string](e, "function() { return this.innerText }")
}

// Apply calls a JavaScript function with the element as this.
func Apply[T any](e *Element, function string) (T, error) {
	return run(e.tab, func(ctx context.Context, target *chromedp.Target) (value T, err error) {
		object, err := cdp.Call(ctx, target, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: e.node})
		if err != nil {
			return value, err
		}
		byValue := true
		result, err := cdp.Call(ctx, target, runtime.CallFunctionOn, runtime.CallFunctionOnParams{
			ObjectID: object.Object.ObjectID, FunctionDeclaration: function, ReturnByValue: &byValue,
		})
		if err != nil {
			return value, err
		}
		if result.ExceptionDetails != nil {
			return value, errors.New(describe(result.ExceptionDetails.Exception))
		}
		err = json.Unmarshal(result.Result.Value, &value)
		return value, err
	})
}

// Insert types a text where the focus is.
func (tab *Tab) Insert(text string) {
	tab.t.Helper()
	require.NoError(tab.t, tab.do(call(input.InsertText, input.InsertTextParams{Text: text})))
}

// Press presses keys one after the other; package kb has those that are no characters.
func (tab *Tab) Press(keys ...string) {
	tab.t.Helper()
	require.NoError(tab.t, tab.do(chromedp.KeyEvent(strings.Join(keys, ""))))
}

// Focused returns the role and the name of what has the focus.
func (tab *Tab) Focused() (role, name string, err error) {
	type focused struct{ role, name string }
	found, err := run(tab, func(ctx context.Context, target *chromedp.Target) (focused, error) {
		result, err := cdp.Call(ctx, target, runtime.Evaluate, runtime.EvaluateParams{Expression: "document.activeElement"})
		if err != nil || result.Result.ObjectID == "" {
			return focused{}, err
		}
		tree, err := cdp.Call(ctx, target, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: result.Result.ObjectID})
		if err != nil || len(tree.Nodes) == 0 {
			return focused{}, err
		}
		return focused{textOf(tree.Nodes[0].Role), textOf(tree.Nodes[0].Name)}, nil
	})
	return found.role, found.name, err
}
