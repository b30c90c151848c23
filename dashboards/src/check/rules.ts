// What a dashboard of this log has to keep to: the rules of Grafana's dashboard-linter, as far as they
// apply, and some of its own. Each rule is a function that names what breaks it. That queries parse and
// answer is tested elsewhere, against Loki and Prometheus themselves.
import { panelsOf } from './model.js';
import type { DashboardJSON, PanelJSON, TargetJSON, VariableJSON } from './model.js';

export type Rule = (dashboard: DashboardJSON) => string[];

/** The variables of data sources, one for each type. dashboard-linter knows only the first. */
const datasources: Record<string, { name: string; label: string }> = {
  loki: { name: 'datasource', label: 'Data source' },
  prometheus: { name: 'prometheus_datasource', label: 'Prometheus' },
};

/** Panels whose values have no unit: records, and what has no values at all. */
const withoutUnit = ['logs', 'row'];

/** What the collector has beside counters, and its uptime, which is one but starts anew with it. */
const gauges = [
  'otelcol_exporter_queue_capacity',
  'otelcol_exporter_queue_size',
  'otelcol_process_memory_rss',
  'otelcol_process_runtime_heap_alloc_bytes',
  'otelcol_process_uptime',
  'otelcol_pull_checkpoint_age',
];

export const rules: Record<string, Rule> = {
  // uneditable-dashboard, and what a dashboard from a file needs
  uneditable: ({ id, editable, timezone, schemaVersion }) => [
    ...unless(editable === false, 'editable is not false'),
    ...unless(id === null, 'id is not null'),
    ...unless(timezone === 'browser', 'times are not in the time zone of the browser'),
    ...unless(schemaVersion >= 39 && schemaVersion <= 42, `Grafana 11 to 13 do not all load schemaVersion ${schemaVersion}`),
  ],

  // template-datasource-rule
  'data source variables': (dashboard) => {
    const found = variables(dashboard).filter(({ type }) => type === 'datasource');
    const used = new Set(targets(dashboard).map(([, target]) => target.datasource?.type ?? 'none'));
    return [
      ...found.flatMap(({ name, label, query }) =>
        unless(
          datasources[String(query)]?.name === name && datasources[String(query)]?.label === label,
          `${name} is not the variable for ${query}`,
        ),
      ),
      ...unless(new Set(found.map(({ query }) => query)).size === found.length, 'there are two variables for one type'),
      ...[...used].flatMap((type) =>
        unless(
          found.some(({ query }) => query === type),
          `no variable for ${type}`,
        ),
      ),
      ...found.flatMap(({ query }) => unless(used.has(String(query)), `nothing asks ${query}`)),
    ];
  },

  // template-on-time-change-reload-rule
  'variables follow the time range': (dashboard) =>
    variables(dashboard)
      .filter(({ type }) => type === 'query')
      .flatMap(({ name, refresh }) => unless(refresh === 2, `${name} has refresh ${refresh}`)),

  'variables explain themselves': (dashboard) =>
    variables(dashboard).flatMap(({ name, label, description }) => unless(label && description, `${name} has no label or no description`)),

  'variables are used, and defined': (dashboard) => {
    const text = JSON.stringify([dashboard.panels, variables(dashboard).map(({ query, datasource }) => [query, datasource])]);
    const defined = variables(dashboard).map(({ name }) => name);
    const used = new Set([...text.matchAll(/\$(?:\{(\w+)|(\w+))/g)].map(([, braced, plain]) => (braced ?? plain)!));
    return [
      ...defined.flatMap((name) => unless(used.has(name), `${name} is not used`)),
      ...[...used].flatMap((name) => unless(name.startsWith('__') || defined.includes(name), `${name} is not defined`)),
    ];
  },

  // panel-datasource-rule
  'data sources by variable': (dashboard) => [
    ...variables(dashboard)
      .filter(({ type }) => type === 'query')
      .flatMap(({ name, datasource }) => unless(byVariable(datasource), `${name} has a fixed data source`)),
    ...panels(dashboard).flatMap((panel) => unless(byVariable(panel.datasource), `${panel.title} has a fixed data source`)),
    ...targets(dashboard).flatMap(([where, { datasource }]) => unless(byVariable(datasource), `${where} has a fixed data source`)),
  ],

  // panel-title-description-rule
  'titles and descriptions': (dashboard) => {
    const titles = panels(dashboard).map(({ title }) => title);
    return [
      ...panels(dashboard).flatMap(({ title, description }) =>
        unless(title && description?.endsWith('.'), `${title} has no title or no description in sentences`),
      ),
      ...titles.filter((title, index) => titles.indexOf(title) !== index).map((title) => `two panels are called ${title}`),
    ];
  },

  // panel-units-rule
  units: (dashboard) =>
    panels(dashboard)
      .filter(({ type }) => !withoutUnit.includes(type))
      .flatMap(({ title, fieldConfig }) => unless(fieldConfig?.defaults.unit, `${title} has no unit`)),

  // panel-no-targets-rule
  queries: (dashboard) =>
    panels(dashboard).flatMap(({ title, targets: found = [] }) => [
      ...unless(found.length > 0, `${title} asks nothing`),
      ...unless(new Set(found.map(({ refId }) => refId)).size === found.length, `${title} has a refId twice`),
    ]),

  // target-logql-auto-rule
  'LogQL ranges': (dashboard) =>
    targetsOf(dashboard, 'loki').flatMap(([where, { expr }]) =>
      ranges(expr).flatMap((range) => unless(range === '$__auto', `${where} has the range ${range}`)),
    ),

  // The value that is unwrapped would else make a series of each record.
  'unwrapped values are put together': (dashboard) =>
    targetsOf(dashboard, 'loki').flatMap(([where, { expr }]) =>
      expr.split('| unwrap ').slice(1).flatMap((rest) => unless(/^\w+ \[[^\]]+\]\) by \(/.test(rest), `${where} has a series for each record`)),
    ),

  // target-rate-interval-rule. A query for one moment is about the whole of the time range that is shown.
  'PromQL ranges': (dashboard) =>
    targetsOf(dashboard, 'prometheus').flatMap(([where, { expr, instant }]) => {
      const right = instant ? '$__range' : '$__rate_interval';
      return ranges(expr).flatMap((range) => unless(range === right, `${where} has the range ${range} instead of ${right}`));
    }),

  // target-counter-agg-rule. The collector's counters do not end in _total. One that is new may be shown
  // itself, and how often it was there may be counted: nothing else tells that it has counted.
  counters: (dashboard) =>
    targetsOf(dashboard, 'prometheus').flatMap(([where, { expr }]) =>
      [
        ...expr.replaceAll(/\b(\w+) (?:unless \1 offset|and on \(job, instance\))/g, '').matchAll(/(\w+\()?\b(\w+_total|otelcol_\w+)\b/g),
      ].flatMap(([, fn, name]) =>
        unless(['rate(', 'increase(', 'count_over_time('].includes(fn!) || gauges.includes(name!), `${where} shows ${name} itself`),
      ),
    ),

  // Several values, and All, are patterns.
  'choices are patterns': (dashboard) =>
    targets(dashboard).flatMap(([where, { expr }]) =>
      [...expr.matchAll(/(=~|!~|!=|(?<!\|)=)\s*["`]\$(?:\{)?(\w+)/g)].flatMap(([, operator, name]) =>
        unless(operator === '=~', `${where} compares $${name} with ${operator}`),
      ),
    ),

  // What was typed goes into a query in one format only: see activities.ts.
  'typed text is encoded': (dashboard) => {
    const typed = variables(dashboard).filter(({ type }) => type === 'textbox');
    return targets(dashboard).flatMap(([where, { expr }]) =>
      typed.flatMap(({ name }) => {
        const uses = [...expr.matchAll(new RegExp(`\\$\\{?${name}\\b[^}\\s"]*\\}?`, 'g'))].map(([use]) => use);
        return uses.flatMap((use) => unless(use === `\${${name}:percentencode}`, `${where} takes what was typed as ${use}`));
      }),
    );
  },
};

function unless(right: unknown, problem: string): string[] {
  return right ? [] : [problem];
}

const variables = (dashboard: DashboardJSON): VariableJSON[] => dashboard.templating.list;

const panels = (dashboard: DashboardJSON): PanelJSON[] => panelsOf(dashboard).filter(({ type }) => type !== 'row');

const targets = (dashboard: DashboardJSON): [where: string, target: TargetJSON][] =>
  panels(dashboard).flatMap(({ title, targets: found = [] }) =>
    found.map((target): [string, TargetJSON] => [`${title}, ${target.refId}`, target]),
  );

const targetsOf = (dashboard: DashboardJSON, type: string) => targets(dashboard).filter(([, { datasource }]) => datasource?.type === type);

const byVariable = (datasource: { type: string; uid: string } | undefined): boolean =>
  datasource?.uid === `\${${datasources[datasource?.type ?? '']?.name}}`;

/** What stands in brackets, outside of quotes and backticks. */
function ranges(expr: string): string[] {
  return [...expr.replaceAll(/"[^"]*"|`[^`]*`/g, '').matchAll(/\[([^\]]*)\]/g)].map(([, range]) => range!);
}
