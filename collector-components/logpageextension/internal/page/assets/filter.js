// Copyright The Integration Log Authors
// SPDX-License-Identifier: Apache-2.0

// Closes menus, and keeps the filter true to the list and out of the way.
'use strict';

(() => {
  const { find } = page;

  // Menus close when something else is used, and by Escape.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll('details.menu[open]')) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    }
  };

  const menus = () => {
    document.addEventListener('click', (event) => closeMenus(event.target));
    // A press on text gives the focus to what is around the menu. Closing the menu then would
    // take away what is pressed before the click.
    document.addEventListener('focusin', (event) => {
      if (!event.target.querySelector('details.menu[open]')) closeMenus(event.target);
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      const menu = find('details.menu[open]');
      if (menu) {
        menu.open = false;
        find('summary', menu).focus();
        return;
      }
      const close = find('#split [data-close]');
      if (close && !event.target.matches('input, select')) close.click();
    });
  };

  // Going back shows the list of before, but browsers keep what was entered since: the filter
  // has to say what the list shows.
  const keepFilterTrue = () => {
    const form = find('#filter');
    if (!form) return;
    addEventListener('pageshow', (event) => {
      const [navigation] = performance.getEntriesByType('navigation');
      if (event.persisted || navigation?.type === 'back_forward') form.reset();
    });
  };

  // On a phone the filter is folded, until it is wanted or something in it is wrong.
  const foldFilter = () => {
    const form = find('#filter');
    const toggle = find('#filter-toggle');
    if (!form || !toggle) return;
    const fold = (folded) => {
      form.classList.toggle('folded', folded);
      toggle.setAttribute('aria-expanded', String(!folded));
    };
    toggle.hidden = false;
    toggle.addEventListener('click', () => fold(!form.classList.contains('folded')));
    fold(!find('p.error, .field .error, .note', form));
  };

  menus();
  keepFilterTrue();
  foldFilter();
})();
