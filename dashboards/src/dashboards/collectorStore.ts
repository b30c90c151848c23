// Loki itself, and the memory of the collector.
import { chart, third } from './collectorCharts.js';
import { aMinuteOfLoki } from './collectorCounters.js';

export const discards = () =>
  chart(
    {
      ...third,
      title: 'Discarded by Loki',
      description:
        'Records that Loki did not store, in a minute, by its reason. There should be none: the log settles it before. Empty when Loki discarded nothing.',
    },
    'cpm',
    [aMinuteOfLoki('reason', 'loki_discarded_samples_total'), '{{reason}}'],
  );

export const compactor = () =>
  chart(
    {
      ...third,
      title: 'Compactor',
      description:
        "How long ago Loki's compactor last succeeded. Both should stay below half an hour. Empty when it has not run since Loki's start.",
    },
    's',
    ['time() - max(loki_boltdb_shipper_compact_tables_operation_last_successful_run_timestamp_seconds > 0)', 'compaction'],
    ['time() - max(loki_compactor_apply_retention_last_successful_run_timestamp_seconds > 0)', 'retention'],
  );

export const memory = () =>
  chart(
    {
      ...third,
      title: 'Memory over time',
      description:
        'resident: what the collector occupies. heap: what is in use of it. At the limit of the memory_limiter the collector refuses records until there is room; its senders come again.',
    },
    'bytes',
    ['max by (instance) (otelcol_process_memory_rss)', 'resident {{instance}}'],
    ['max by (instance) (otelcol_process_runtime_heap_alloc_bytes)', 'heap {{instance}}'],
  );
