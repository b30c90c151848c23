// The form that Grafana provisions, for who has no Alertmanager: on the metrics, or on the records where there is
// no Prometheus.
import type { Alert, Group, Metrics, Records } from './alert.js';
import { annotations, parenthesised } from './alert.js';

/** Nobody records for Grafana: what others read by its name is computed here. */
const computed: Metrics = {
  now: ({ expr }) => parenthesised(expr(computed)),
  over: ({ expr }, range) => `${parenthesised(expr(computed))}[${range}:5m]`,
};

export type Source = 'loki' | 'prometheus';

/** The rules of the alerts that have a form on the records, with the data source of this uid. */
export const grafanaRules = (groups: Group[], source: Source) => ({
  apiVersion: 1,
  groups: groups.flatMap(({ name, interval, computedInterval = interval, alerts }) => {
    const rules = alerts.flatMap((alert) => (alert.logql ? [rule(alert, alert.logql, source)] : []));
    return rules.length ? [{ orgId: 1, name, folder: 'Integrations', interval: computedInterval, rules }] : [];
  }),
});

function rule(alert: Alert, logql: Records, source: Source) {
  const condition = source === 'loki' ? logql : alert.promql(computed);
  const { severity, summary, description } = source === 'loki' ? { ...alert, ...logql } : alert;
  const expression = { type: '__expr__', uid: '__expr__' };
  const now = { from: 0, to: 0 };
  return {
    uid: alert.name.replace(/[A-Z]/g, (letter, at: number) => (at ? '-' : '') + letter.toLowerCase()),
    title: alert.name,
    condition: 'C',
    for: alert.for,
    ...(alert.keepFiringFor ? { keepFiringFor: alert.keepFiringFor } : {}),
    // No series: nothing is the matter. That the data source does not answer is told of as DatasourceError.
    noDataState: 'OK',
    execErrState: 'Error',
    labels: { severity },
    annotations: annotations(alert, { summary: valueOfB(summary), description: valueOfB(description) }),
    data: [
      {
        refId: 'A',
        ...(source === 'loki' ? { queryType: 'instant' } : {}),
        datasourceUid: source,
        // The range is in the query.
        relativeTimeRange: { from: 600, to: 0 },
        model: {
          refId: 'A',
          expr: [condition.when ? parenthesised(condition.value) : condition.value, condition.when].filter(Boolean).join('\n'),
          ...(source === 'loki' ? { queryType: 'instant', editorMode: 'code' } : { instant: true, range: false, editorMode: 'code' }),
          intervalMs: 1000,
          maxDataPoints: 43200,
        },
      },
      // A query that is compared as it comes is an error in older Grafanas.
      { refId: 'B', datasourceUid: '__expr__', relativeTimeRange: now, model: { refId: 'B', type: 'reduce', reducer: 'last', expression: 'A', datasource: expression } },
      {
        refId: 'C',
        datasourceUid: '__expr__',
        relativeTimeRange: now,
        model: { refId: 'C', type: 'threshold', expression: 'B', datasource: expression, conditions: [{ evaluator: { type: 'gt', params: [condition.above ?? 0] } }] },
      },
    ],
  };
}

/** In Grafana $value is a description of all values; the number is that of B. */
const valueOfB = (text: string): string => text.replaceAll('$value', '$values.B.Value');
