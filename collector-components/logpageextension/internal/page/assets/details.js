// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Opens details beside the list, and copies links.
'use strict';

(() => {
  const { find, say, fragment } = page;

  const prepareCopy = (within) => {
    if (!navigator.clipboard) return;
    for (const link of within.querySelectorAll('a[data-copy]')) {
      link.textContent = link.dataset.copyLabel;
      link.setAttribute('role', 'button');
      link.addEventListener('click', (event) => {
        event.preventDefault();
        navigator.clipboard.writeText(link.href).then(() => {
          link.textContent = link.dataset.copy;
          say(link.dataset.copy);
        }, () => { location.href = link.href; });
      });
      link.addEventListener('keydown', (event) => {
        if (event.key !== ' ') return;
        event.preventDefault();
        link.click();
      });
    }
  };

  // Details open beside the list. The address is what it would be without a script.
  const details = () => {
    const split = find('#split');
    if (!split) return;
    const place = find('#pane');
    const listOf = (address) => {
      const url = new URL(address, location.href);
      url.searchParams.delete('activity');
      url.searchParams.sort();
      return url.pathname + url.search;
    };
    const list = listOf(location.href);
    let loading = null;

    const mark = (position) => {
      for (const row of split.querySelectorAll('tr[data-position]')) {
        const open = row.dataset.position === position;
        row.classList.toggle('opened', open);
        const link = find('[data-open]', row);
        if (open) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };

    const show = async () => {
      const url = new URL(location.href);
      const position = url.searchParams.get('activity');
      if (loading) loading.abort();
      loading = new AbortController();
      mark(position);
      if (!position) {
        place.replaceChildren();
        split.classList.remove('open');
        return;
      }
      try {
        const pane = await fragment('pane' + url.search, loading.signal);
        place.replaceChildren(pane);
        split.classList.add('open');
        prepareCopy(place);
        const title = find('h2', pane);
        title.focus({ preventScroll: true });
        if (getComputedStyle(pane).position !== 'sticky') pane.scrollIntoView();
      } catch (error) {
        if (error.name !== 'AbortError') location.reload();
      }
    };

    // All of a row opens its details, but text can be selected in it.
    const linkAt = (target) => {
      const link = target.closest('a, button, input, select, summary, label');
      if (link) return link.matches('[data-open], [data-close]') ? link : null;
      const row = target.closest('tr[data-position]');
      return row && getSelection().isCollapsed ? find('[data-open]', row) : null;
    };
    split.addEventListener('click', (event) => {
      if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const link = linkAt(event.target);
      if (!link) return;
      event.preventDefault();
      const opened = find('tr.opened [data-open]', split);
      const url = new URL('close' in link.dataset ? location.href : link.href);
      url.hash = '';
      if ('close' in link.dataset) url.searchParams.delete('activity');
      history.pushState(null, '', url);
      show().then(() => { if ('close' in link.dataset && opened) opened.focus(); });
    });
    addEventListener('popstate', () => {
      if (listOf(location.href) === list) show();
      else location.reload();
    });
  };

  details();
  prepareCopy(document);
})();
