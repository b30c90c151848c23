// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Shows what arrives live.
'use strict';

(() => {
  const { root, find, say } = page;

  // What arrives is put on top. While paused it is kept and counted.
  const live = () => {
    const section = find('#live');
    if (!section) return;
    const rows = find('#rows');
    const pause = find('#live-pause');
    const waiting = find('#live-waiting');
    const most = 500;
    const mostKnown = 10 * most;
    const sayEvery = 10000;
    const tryAgainAfter = 30000;
    // known are the positions of rows that were here, those that came first being first.
    const known = new Set([...rows.rows].reverse().map((row) => row.dataset.position));
    let source = null;
    let again = 0;
    let well = false;
    let paused = false;
    let held = [];
    let unsaid = 0;
    let timer = 0;

    const state = (name) => {
      section.dataset.state = name;
      find('#live-state').textContent = section.dataset[name];
    };
    const tell = () => state(paused ? 'paused' : well ? 'running' : 'disconnected');
    const is = (running) => {
      well = running;
      tell();
    };
    // The texts are there for one and for two.
    const counted = (name, count, more = '') => {
      if (count === 1) return section.dataset[name + 'One'];
      return section.dataset[name + 'Other'].replace('2', count.toLocaleString(root.lang) + more);
    };
    // fresh makes rows of what arrived, oldest first. After a lost connection the server sends
    // some again that were here.
    const fresh = (html) => {
      const template = document.createElement('template');
      template.innerHTML = '<table><tbody>' + html + '</tbody></table>';
      const all = [...template.content.querySelectorAll('tr')].reverse();
      const found = all.filter((row) => !known.has(row.dataset.position));
      for (const row of found) known.add(row.dataset.position);
      for (const position of known) {
        if (known.size <= mostKnown) break;
        known.delete(position);
      }
      return found;
    };
    const put = (found) => {
      for (const row of found) {
        row.classList.add('arrived');
        rows.prepend(row);
      }
      while (rows.rows.length > most) rows.lastElementChild.remove();
      const empty = find('#live-empty');
      if (found.length && empty) empty.remove();
    };
    // The page shows no more rows than are kept here.
    const hold = (found) => {
      held.push(...found);
      const more = held.length > most;
      if (more) held = held.slice(-most - 1);
      waiting.textContent = counted('waiting', Math.min(held.length, most), more ? '+' : '');
      waiting.hidden = !held.length;
    };
    // A screen reader is told at most every ten seconds, and only how many.
    const announce = (count) => {
      unsaid += count;
      if (timer || !unsaid) return;
      say(counted('arrived', unsaid));
      unsaid = 0;
      timer = setTimeout(() => { timer = 0; announce(0); }, sayEvery);
    };

    const disconnect = () => {
      clearTimeout(again);
      if (source) source.close();
    };
    const connect = () => {
      disconnect();
      source = new EventSource(section.dataset.events);
      source.onerror = () => {
        is(false);
        // The browser comes again by itself, unless the server has refused it.
        if (source.readyState === EventSource.CLOSED) again = setTimeout(connect, tryAgainAfter);
      };
      source.addEventListener('running', () => is(true));
      source.addEventListener('activities', (event) => {
        const found = fresh(JSON.parse(event.data).rows);
        if (paused) {
          hold(found);
          return;
        }
        put(found);
        announce(found.length);
      });
      source.addEventListener('problem', (event) => {
        say(JSON.parse(event.data));
        is(false);
      });
    };

    for (const element of section.querySelectorAll('.scripted')) element.hidden = false;
    state('connecting');
    connect();
    pause.addEventListener('click', () => {
      paused = !paused;
      pause.textContent = paused ? section.dataset.resume : section.dataset.pause;
      waiting.hidden = true;
      if (!paused) put(held.splice(0));
      tell();
    });
    addEventListener('pagehide', disconnect);
    addEventListener('pageshow', (event) => { if (event.persisted) connect(); });
  };

  live();
})();
