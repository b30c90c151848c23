import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { activityTypes, products, statuses } from '../dashboards/names.js';

const source = (file: string) => readFileSync(new URL(`../../../internal/activity/${file}`, import.meta.url), 'utf8');

test('products and statuses are those of the records', () => {
  const constants = (type: string) =>
    [...source('names.go').matchAll(new RegExp(`^\\t\\w+ +${type} += "(.+)"`, 'gm'))].map(([, value]) => value!);
  assert.deepEqual(Object.keys(products).sort(), constants('Product').sort());
  assert.deepEqual(Object.keys(statuses), constants('Status'));
});

test('activity types are those of the receivers', () => {
  const types = [...source('types.go').matchAll(/^\t\w+: +\{(.+)\},/gm)].flatMap(([, list]) => list!.replaceAll('"', '').split(', '));
  assert.ok(types.length > 10);
  assert.deepEqual(activityTypes, [...new Set(types)].sort());
});
