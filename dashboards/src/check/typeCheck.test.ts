import assert from 'node:assert/strict';
import { test } from 'node:test';

import { committedDashboards, panelsOf } from './model.js';
import { typeErrors } from './typeCheck.js';

test('the dashboards fit the types of Grafana', () => {
  const dashboards = committedDashboards();
  assert.ok(dashboards.length >= 3);
  assert.deepEqual(typeErrors('dashboards', dashboards), []);
});

test('what does not fit is found, and where', () => {
  const [dashboard] = committedDashboards().filter(({ uid }) => uid === 'integration-log');
  assert.ok(dashboard);
  const panel = (type: string) => {
    const [found] = panelsOf(dashboard).filter((panel) => panel.type === type);
    assert.ok(found?.options && found.fieldConfig);
    return found;
  };
  const [log] = panelsOf(dashboard).filter(({ type }) => type === 'logs');
  Object.assign(log!.options!, { detailsMode: 'beside' });
  Object.assign(panel('timeseries').fieldConfig!.defaults, { custom: { drawStyle: 'columns' } });
  Object.assign(panel('table').options!, { pageLength: 20 });
  panel('table').fieldConfig!.overrides[0]!.properties.push({ id: 'custom.width', value: 'wide' });
  Object.assign(dashboard, { schemaVersion: 'newest' });

  const errors = typeErrors('broken', [dashboard]);

  const expected = [
    /^Integration log: "schemaVersion": "newest"/,
    /^Integration log, Activities over time, fields: "drawStyle": "columns"/,
    /^Integration log, Activities, options: "detailsMode": "beside"/,
    /^Integration log, Activities as a table, options: "pageLength": 20/,
    /^Integration log, Activities as a table, override of Date and time: "width": "wide"/,
  ];
  assert.equal(errors.length, expected.length, errors.join('\n'));
  expected.forEach((pattern, index) => assert.match(errors[index]!, pattern));
});
