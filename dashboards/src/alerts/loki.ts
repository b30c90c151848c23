// The form for Loki's ruler, of the alerts that can be told from the records alone.
import type { Group } from './alert.js';
import { annotations, query } from './alert.js';
import { rule } from './prometheus.js';

export const lokiRules = (groups: Group[]) => ({
  groups: groups.flatMap(({ name, interval, computedInterval = interval, alerts }) => {
    const rules = alerts.flatMap((alert) => {
      const onRecords = { ...alert, ...alert.logql };
      return alert.logql ? [rule(onRecords, query(alert.logql), annotations(onRecords))] : [];
    });
    return rules.length ? [{ name, interval: computedInterval, rules }] : [];
  }),
});
