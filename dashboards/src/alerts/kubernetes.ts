// The form for Prometheus Operator: one object with the groups of Prometheus' files.
import type { Group } from './alert.js';
import { prometheusRules } from './prometheus.js';

export const prometheusRule = (groups: readonly Group[]) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'integration-log', namespace: 'integration-log', labels: { 'app.kubernetes.io/name': 'integration-log' } },
  spec: { groups: groups.flatMap((group) => prometheusRules(group).groups) },
});
