// The numbers at the top of the collector's dashboard.
import type { Threshold } from '@grafana/grafana-foundation-sdk/dashboard';

import { stat } from './panels.js';
import type { Frame } from './panels.js';
import { promInstant } from './queries.js';

const small = { width: 4, height: 4 };

const always: Threshold[] = [{ value: null, color: 'blue' }];
const upTo = (warning: number, critical: number): Threshold[] => [
  { value: null, color: 'green' },
  { value: warning, color: 'orange' },
  { value: critical, color: 'red' },
];

export const summary = () => [
  number(
    { ...small, title: 'Up for', description: 'How long the collector has run; of several, the one that was started last.' },
    's',
    always,
    'min(otelcol_process_uptime)',
  ),
  number(
    {
      ...small,
      title: 'Fullest queue',
      description:
        'The share of its capacity that the fullest sending queue uses. At 100 % webhooks are answered with 503, and pulling waits.',
    },
    'percentunit',
    upTo(0.5, 0.8),
    'max(otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)',
  ),
  number(
    {
      ...small,
      title: 'Oldest checkpoint',
      description: 'How far behind the slowest of the receivers that fetch is. Empty when no such receiver is switched on.',
    },
    's',
    upTo(900, 3600),
    'max(otelcol_pull_checkpoint_age)',
  ),
  number(
    {
      ...small,
      title: 'Dead letters',
      description: 'Records in the time range that Loki refused for good. They lie in the dead-letter file.',
    },
    'short',
    upTo(1, 1),
    'round(sum(increase(otelcol_loki_delivery_dead_letter_records[$__range])))',
  ),
  number(
    {
      ...small,
      title: 'Retention ran',
      description:
        "How long ago Loki's compactor last deleted what is older than the log. It does so ten minutes after Loki's start, and then every 15 minutes. Empty when it has not done so since Loki's start.",
    },
    's',
    upTo(3600, 14400),
    'time() - max(loki_compactor_apply_retention_last_successful_run_timestamp_seconds > 0)',
  ),
  number(
    { ...small, title: 'Memory', description: 'Resident memory of the collector; of the all-in-one, Loki is part of it.' },
    'bytes',
    always,
    'max(otelcol_process_memory_rss)',
  ),
];

function number(frame: Frame, unit: string, limits: Threshold[], expr: string) {
  return stat(frame, unit, limits).withTarget(promInstant('A', expr, ''));
}
