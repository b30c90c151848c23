// The form for Prometheus, with recording rules: a file for each group.
import type { Alert, Group, Metrics } from './alert.js';
import { annotations, query } from './alert.js';

/** What is recorded is read by its name. */
const recorded: Metrics = {
  now: ({ record }) => record,
  over: ({ record }, range) => `${record}[${range}]`,
  firing: (alert) => `ALERTS{alertname="${alert}",alertstate="firing"}`,
};

export const prometheusRules = ({ name, interval, recordings = [], alerts }: Group) => ({
  groups: [{ name, interval, rules: [...recordings.map(({ record, expr }) => ({ record, expr: expr(recorded) })), ...alerts.map((alert) => rule(alert, query(alert.promql(recorded))))] }],
});

/** An alert as Prometheus and Loki's ruler write it. */
export function rule(alert: Alert, expr: string, text = annotations(alert), keepFiringFor = alert.keepFiringFor) {
  return {
    alert: alert.name,
    expr,
    for: alert.for,
    ...(keepFiringFor ? { keep_firing_for: keepFiringFor } : {}),
    labels: { severity: alert.severity },
    annotations: text,
  };
}
