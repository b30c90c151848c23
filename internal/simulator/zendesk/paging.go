// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

package zendesk

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// maxPage is how many rows a page has at most, and unless told otherwise.
const maxPage = 100

// cursor points at a row: what comes after it is the next page.
type cursor struct {
	key        string
	descending bool
}

func (c cursor) String() string {
	order := "asc"
	if c.descending {
		order = "desc"
	}
	return base64.StdEncoding.EncodeToString([]byte(c.key + "," + order))
}

func parseCursor(text string) (cursor, bool) {
	decoded, err := base64.StdEncoding.DecodeString(text)
	key, order, ok := strings.Cut(string(decoded), ",")
	return cursor{key, order == "desc"}, err == nil && ok
}

// page is the part of a list that one answer holds, and where to go on.
type page[T any] struct {
	rows          []T
	before, after string
}

// pageOf cuts a page out of the rows. It answers itself where the request makes no
// sense.
func pageOf[T any](a *Account, w http.ResponseWriter, r *http.Request, rows []T, descending bool, key func(T) string) (page[T], bool) {
	query := r.URL.Query()
	size := maxPage
	if text := query.Get("page[size]"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			webhookError(w, http.StatusBadRequest, "InvalidPaginationParameter", "page[size] is invalid")
			return page[T]{}, false
		}
		size = min(n, maxPage)
	}
	begin := 0
	if text := query.Get("page[after]"); text != "" {
		after, ok := parseCursor(text)
		i := slices.IndexFunc(rows, func(row T) bool { return key(row) == after.key })
		if !ok || i < 0 || after.descending != descending {
			webhookError(w, http.StatusBadRequest, "InvalidPaginationParameter", "page[after] is invalid")
			return page[T]{}, false
		}
		begin = i + 1
	}
	overlap, endless := a.pagingFaults()
	first := begin > 0
	if begin = max(0, begin-overlap); endless && begin >= len(rows) {
		begin = 0
	}
	end := min(begin+size+overlap, len(rows))
	p := page[T]{rows: rows[begin:end]}
	if first && len(p.rows) > 0 {
		p.before = cursor{key(p.rows[0]), descending}.String()
	}
	if len(p.rows) > 0 && (end < len(rows) || endless) {
		p.after = cursor{key(p.rows[len(p.rows)-1]), descending}.String()
	}
	return p, true
}

func (a *Account) pagingFaults() (overlap int, endless bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.overlap, a.endless
}

// describe adds meta and links to an answer. A link has the account's host with its
// port, brackets that are not escaped, and nothing of the filters.
func (p page[T]) describe(a *Account, path string, answer map[string]any) map[string]any {
	a.mu.Lock()
	base := a.links + path
	a.mu.Unlock()
	meta, links := map[string]any{"has_more": p.after != ""}, map[string]string{}
	if p.after != "" {
		meta["after_cursor"] = p.after
		links["next"] = fmt.Sprintf("%s?page[after]=%s", base, url.QueryEscape(p.after))
	}
	if p.before != "" {
		meta["before_cursor"] = p.before
		links["prev"] = fmt.Sprintf("%s?page[before]=%s", base, url.QueryEscape(p.before))
	}
	answer["meta"] = meta
	if len(links) > 0 {
		answer["links"] = links
	}
	return answer
}

// LinkTo lets links.next point to another address: scheme, host and port.
func (a *Account) LinkTo(address string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.links = address
}

// OverlapPages lets every page begin with so many rows of the one before.
func (a *Account) OverlapPages(rows int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.overlap = rows
}

// EndlessPages lets the last page point to the first: has_more never ends.
func (a *Account) EndlessPages(endless bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.endless = endless
}
