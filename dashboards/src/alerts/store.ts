// Loki: what it throws away, and what it should throw away.
import type { Alert, Group } from './alert.js';
import { jobs, labelled, lokiGrown, rounded } from './promql.js';

const up = `up{job="${jobs.loki}"}`;

/** How long ago something last succeeded, of all replicas; of what never did, how long Loki has run. */
const since = (timestamp: string): string => {
  const last = `max(max_over_time(${timestamp}[1d])) > 0`;
  return `time() - (${last})\nor\nmax(time() - process_start_time_seconds{job="${jobs.loki}"}) unless (${last})`;
};

const notScraped: Alert = {
  name: 'LokiNotScraped',
  severity: 'warning',
  for: '15m',
  summary: 'Prometheus reads no metrics of Loki',
  description:
    'Of {{ $value }} targets of the job loki none answers. Meanwhile nothing tells that Loki discards records, or does not delete. Who does not scrape Loki leaves out these rules.',
  promql: () => ({ value: `(count(${up}) or vector(0)) unless on () sum(${up}) > 0` }),
};

const retention: Alert = {
  name: 'LokiRetentionNotRunning',
  severity: 'warning',
  for: '15m',
  summary: "Loki's compactor does not run ({{ $labels.operation }})",
  description: 'The last {{ $labels.operation }} of Loki succeeded {{ $value | humanizeDuration }} ago, or never since its start. What is older than the log stays on disk.',
  promql: () => ({
    value: [
      labelled(since('loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds'), 'operation', 'compaction'),
      labelled(since('loki_compactor_apply_retention_last_successful_run_timestamp_seconds'), 'operation', 'retention'),
    ].join('\nor\n'),
    above: 3 * 3600,
    // After a stop it needs time to run again.
    when: `and on () max(${up} offset 3h) == 1\nand on () max(${up}) == 1`,
  }),
};

const discards: Alert = {
  name: 'LokiDiscardsRecords',
  severity: 'warning',
  for: '0s',
  summary: 'Loki discards records ({{ $labels.reason }})',
  description: 'Loki discarded {{ $value }} records in the last 15 minutes: {{ $labels.reason }}.',
  // What is over a limit of rates or streams is answered with 429 and sent again: as long as it gets through in the end, nothing is lost.
  promql: () => ({ value: rounded('reason', lokiGrown('loki_discarded_samples_total{reason!~"rate_limited|per_stream_rate_limit|stream_limit"}', 15)), above: 0 }),
};

export const store: Group = { name: 'loki', interval: '1m', alerts: [notScraped, retention, discards] };
