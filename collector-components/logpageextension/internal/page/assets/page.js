// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// What the scripts do, the page does without them too, with one load more. This one has what
// the others share; it tells the browser's time zone, and loads parts that were not ready.
'use strict';

const page = (() => {
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  // say has a screen reader tell something.
  const say = (text) => { find('#status').textContent = text; };

  // The browser's time zone goes into a cookie, once. The page is loaded anew only if the
  // browser keeps the cookie, so that nothing can go round in circles.
  const tellZone = () => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const cookie = 'tz=' + encodeURIComponent(zone || '');
    if (!zone || document.cookie.split('; ').includes(cookie)) return;
    document.cookie = cookie + '; path=/; max-age=31536000; samesite=lax';
    const kept = document.cookie.split('; ').includes(cookie);
    if (kept && !('zoneChosen' in root.dataset) && root.dataset.zone !== zone) location.reload();
  };

  // fragment loads a part of the page as a node. The server has escaped it.
  const fragment = async (address, signal) => {
    const answer = await fetch(address, { signal, headers: { Accept: 'text/html' } });
    // Whoever has to log in again, does so by loading the page.
    const isPart = answer.status !== 401 && !answer.redirected && /^text\/html/.test(answer.headers.get('Content-Type'));
    if (!isPart) throw new Error('not a part of the page: ' + answer.status);
    const template = document.createElement('template');
    template.innerHTML = await answer.text();
    return template.content.firstElementChild;
  };

  const loadParts = () => {
    for (const place of document.querySelectorAll('[data-part]')) {
      fragment(place.dataset.part).then((part) => { if (part) place.replaceWith(part); }, () => {});
    }
  };

  root.classList.add('script');
  tellZone();
  loadParts();
  return { root, find, say, fragment };
})();
