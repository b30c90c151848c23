import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';

/** Loki, as the dashboard's variable names it. */
export const loki: DataSourceRef = { type: 'loki', uid: '${datasource}' };

/** Prometheus, as the dashboard's variable names it. */
export const prometheus: DataSourceRef = { type: 'prometheus', uid: '${prometheus_datasource}' };
