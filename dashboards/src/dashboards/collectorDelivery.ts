// What goes out to Loki, and what does not.
import { chart, half } from './collectorCharts.js';
import { aMinute, aSecond } from './collectorCounters.js';

export const queue = () =>
  chart(
    {
      ...half,
      title: 'Sending queue',
      description:
        'The share of its capacity that each sending queue uses. It fills while Loki takes nothing, and empties by itself afterwards.',
    },
    'percentunit',
    ['max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)', '{{exporter}}'],
  ).max(1);

export const sent = () =>
  chart({ ...half, title: 'Sent', description: 'Records that each exporter delivered, in a second.' }, 'cps', [
    aSecond('exporter', 'otelcol_exporter_sent_log_records'),
    '{{exporter}}',
  ]);

export const exportFailures = () =>
  chart(
    {
      ...half,
      title: 'Export failures',
      description:
        "In a minute. failed: records that could not be delivered for good. not queued: records that the queue had no room for; their senders were told. answer: Loki's, by HTTP status; the push is sent again. Empty when every push succeeded.",
    },
    'cpm',
    [aMinute('exporter', 'otelcol_exporter_send_failed_log_records'), '{{exporter}}: failed'],
    [aMinute('exporter', 'otelcol_exporter_enqueue_failed_log_records'), '{{exporter}}: not queued'],
    [aMinute('code', 'otelcol_loki_delivery_transient_answers'), 'answer {{code}}'],
  );

export const deadLetters = () =>
  chart(
    {
      ...half,
      title: 'Dead letters over time',
      description:
        'In a minute. refused: records that Loki refused for good and that were written to the dead-letter file. not written: times that the file could not be written; the records wait in the queue. quarantine: what the queue could not read.',
    },
    'cpm',
    [aMinute('', 'otelcol_loki_delivery_dead_letter_records'), 'refused'],
    [aMinute('', 'otelcol_loki_delivery_dead_letter_errors'), 'not written'],
    [aMinute('', 'otelcol_queue_storage_quarantined_items'), 'quarantine'],
  );
