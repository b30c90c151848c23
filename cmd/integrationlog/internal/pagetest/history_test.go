// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/integrationlog/integrationlog/cmd/integrationlog/internal/pagetest/browser"
)

// The back button undoes each step, and the forward button does it again.
func testHistory(t *testing.T, w *world) {
	t.Helper()
	v := w.open(t, browser.Visitor{}, "/", nil)
	v.shows(w.log, 50)
	v.menu("Status", func() { v.check("Error") })
	v.apply()
	errors := w.log.chosen(choice{statuses: []string{"error"}})
	v.shows(errors, 50)
	v.first("Older").Follow()
	v.shows(errors[50:], 50)
	details := errors[52]
	require.True(t, isPlain(details.Description))
	v.Find("link", details.Description).Click()
	v.says(details.ID)

	v.Back() // closes the details
	v.Until(func() error { return closed(v) })
	v.shows(errors[50:], 50)
	v.Back() // to the first page
	v.shows(errors, 50)
	v.Back() // takes the filter off
	v.shows(w.log, 50)
	v.menu("Status", func() {
		checked, err := browser.Apply[bool](v.box("Error"), "function() { return this.checked }")
		require.NoError(t, err)
		assert.False(t, checked)
	})

	v.Forward()
	v.shows(errors, 50)
	v.Forward()
	v.shows(errors[50:], 50)
	v.Forward()
	v.says(details.ID)

	t.Run("details of one after the other", func(t *testing.T) {
		v := w.open(t, browser.Visitor{}, "/", url.Values{"error_code": {"amount_too_large"}})
		failed := w.log.chosen(choice{errorCode: "amount_too_large"})
		for i := range 2 {
			v.Find("link", failed[i].Description).Click()
			v.says(failed[i].ID)
		}
		v.Back()
		v.says(failed[0].ID)
		v.Back()
		v.Until(func() error { return closed(v) })
	})
}
