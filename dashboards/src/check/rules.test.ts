import assert from 'node:assert/strict';
import { test } from 'node:test';

import { committedDashboards } from './model.js';
import type { DashboardJSON } from './model.js';
import { rules } from './rules.js';

for (const dashboard of committedDashboards()) {
  test(`${dashboard.title} keeps to every rule`, () => {
    for (const [name, rule] of Object.entries(rules)) {
      assert.deepEqual(rule(dashboard), [], name);
    }
  });
}

// What breaks each rule, in a dashboard that keeps to all of them.
const broken: [rule: string, change: (dashboard: DashboardJSON) => void][] = [
  ['uneditable', (d) => (d.editable = true)],
  ['uneditable', (d) => (d.id = 7)],
  ['uneditable', (d) => (d.timezone = 'utc')],
  ['uneditable', (d) => (d.schemaVersion = 2)],
  ['data source variables', (d) => d.templating.list.shift()],
  ['data source variables', (d) => d.templating.list.push(d.templating.list[0]!)],
  ['data source variables', (d) => (d.templating.list[0]!.label = 'Loki')],
  ['variables follow the time range', (d) => (d.templating.list[2]!.refresh = 1)],
  ['variables explain themselves', (d) => (d.templating.list[2]!.description = '')],
  ['variables are used, and defined', (d) => (d.templating.list[3]!.name = 'find')],
  ['data sources by variable', (d) => (d.panels[0]!.datasource!.uid = 'loki')],
  ['data sources by variable', (d) => (d.panels[0]!.targets![0]!.datasource!.uid = '${prometheus_datasource}')],
  ['data sources by variable', (d) => (d.templating.list[2]!.datasource!.uid = 'loki')],
  ['titles and descriptions', (d) => (d.panels[0]!.description = '')],
  ['titles and descriptions', (d) => (d.panels[0]!.title = d.panels[1]!.panels![0]!.title!)],
  ['units', (d) => delete d.panels[0]!.fieldConfig!.defaults.unit],
  ['queries', (d) => (d.panels[0]!.targets = [])],
  ['queries', (d) => d.panels[0]!.targets!.push(d.panels[0]!.targets![0]!)],
  ['LogQL ranges', (d) => expr(d, 0, '[$__auto]', '[5m]')],
  ['unwrapped values are put together', (d) => expr(d, 0, '[$__auto])', '| unwrap at [$__auto])')],
  ['PromQL ranges', (d) => expr(d, 1, '[$__rate_interval]', '[$__range]')],
  ['PromQL ranges', (d) => (d.panels[1]!.panels![0]!.targets![0]!.instant = true)],
  ['counters', (d) => expr(d, 1, 'rate(a_total{product=~"$product"}[$__rate_interval])', 'a_total')],
  ['counters', (d) => expr(d, 1, 'a_total{product=~"$product"}', 'otelcol_exporter_queue_size) + max(otelcol_exporter_sent_log_records')],
  ['choices are patterns', (d) => expr(d, 0, 'product=~', 'product=')],
  ['typed text is encoded', (d) => expr(d, 0, '${search:percentencode}', '$search')],
  ['typed text is encoded', (d) => expr(d, 0, '${search:percentencode}', '${search:regex}')],
];

for (const [name, change] of broken) {
  test(`${name} is broken by ${change}`, () => {
    const dashboard = example();
    for (const rule of Object.values(rules)) {
      assert.deepEqual(rule(dashboard), []);
    }
    change(dashboard);
    assert.notDeepEqual(rules[name]!(dashboard), []);
  });
}

test('there is something that breaks each rule', () => {
  assert.deepEqual([...new Set(broken.map(([name]) => name))], Object.keys(rules));
});

function expr(dashboard: DashboardJSON, panel: 0 | 1, from: string, to: string): void {
  const [target] = (panel === 0 ? dashboard.panels[0]! : dashboard.panels[1]!.panels![0]!).targets!;
  assert.ok(target!.expr.includes(from));
  target!.expr = target!.expr.replace(from, to);
}

function example(): DashboardJSON {
  const loki = () => ({ type: 'loki', uid: '${datasource}' });
  const prometheus = () => ({ type: 'prometheus', uid: '${prometheus_datasource}' });
  return {
    uid: 'example',
    title: 'Example',
    id: null,
    editable: false,
    timezone: 'browser',
    schemaVersion: 42,
    templating: {
      list: [
        { type: 'datasource', name: 'datasource', label: 'Data source', description: 'Which Loki.', query: 'loki' },
        { type: 'datasource', name: 'prometheus_datasource', label: 'Prometheus', description: 'Which Prometheus.', query: 'prometheus' },
        { type: 'query', name: 'product', label: 'Product', description: 'Which product.', refresh: 2, datasource: loki(), query: {} },
        { type: 'textbox', name: 'search', label: 'Search', description: 'Which text.', query: '' },
      ],
    },
    panels: [
      {
        type: 'timeseries',
        title: 'Activities',
        description: 'How many.',
        datasource: loki(),
        fieldConfig: { defaults: { unit: 'short' }, overrides: [] },
        targets: [
          { refId: 'A', datasource: loki(), expr: 'count_over_time({product=~"$product"} |= `${search:percentencode}` [$__auto])' },
        ],
      },
      {
        type: 'row',
        panels: [
          {
            type: 'timeseries',
            title: 'Rate',
            description: 'How fast.',
            datasource: prometheus(),
            fieldConfig: { defaults: { unit: 'cpm' }, overrides: [] },
            targets: [{ refId: 'A', datasource: prometheus(), expr: 'sum(rate(a_total{product=~"$product"}[$__rate_interval]))' }],
          },
        ],
      },
    ],
  };
}
