// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package pagetest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// shownTime is how the page shows times to a British reader.
const shownTime = "2 Jan 2006, 15:04:05"

// london is the zone of a visitor who says nothing else.
var london = mustZone("Europe/London")

func mustZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	loaded, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loaded
}

// withoutCount matches how many errors a product has.
var withoutCount = regexp.MustCompile(` \d+ errors?$`)

func itoa(n int) string { return strconv.Itoa(n) }

// containsText passes over how white space is broken into lines.
func containsText(text, part string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(part), " "))
}

func equal(got, want []string) error {
	if !slices.Equal(got, want) {
		return fmt.Errorf("%q instead of %q", got, want)
	}
	return nil
}

// closed requires that no details are open.
func closed(v *view) error {
	all, err := v.All("link", "Close details")
	if err == nil && len(all) > 0 {
		err = errors.New("details are open")
	}
	return err
}
