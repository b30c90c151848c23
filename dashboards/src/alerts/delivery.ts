// What came in and does not reach Loki.
import type { Alert, Group } from './alert.js';
import { indented } from './alert.js';
import { collectorGrown, labelled, rounded } from './promql.js';

const queueNearlyFull: Alert = {
  name: 'IntegrationLogQueueNearlyFull',
  severity: 'critical',
  for: '5m',
  keepFiringFor: '5m',
  summary: 'The queue of {{ $labels.exporter }} is nearly full',
  description: 'The queue of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full. When it is full, webhooks are refused, and fetching stops.',
  promql: () => ({ value: 'max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)', above: 0.8 }),
};

const deadLettersOf = (counter: string): string => rounded('job', collectorGrown(counter, 60));

// What Loki refuses for good counts as failed here too, and is told of by the alert on dead letters. They do not name
// an exporter, only a collector.
const exportFailing: Alert = {
  name: 'IntegrationLogExportFailing',
  severity: 'critical',
  for: '5m',
  keepFiringFor: '5m',
  summary: '{{ $labels.exporter }} cannot deliver',
  description:
    '{{ if eq $labels.trouble "stuck" }}{{ $labels.exporter }} has delivered nothing for ten minutes, and {{ $value | humanize }} of its queue wait (bytes or records, as queue_size counts). Nothing is lost yet.{{ else }}{{ $labels.exporter }} gave up {{ $value }} records in the last hour.{{ end }}',
  promql: () => ({
    value: [
      labelled(
        `max by (exporter) (
  min_over_time(otelcol_exporter_queue_size[10m]) > 0
  unless on (job, instance) otelcol_process_uptime < 600
  unless on (job, instance, exporter) sum by (job, instance, exporter) (
${indented(indented(collectorGrown('otelcol_exporter_sent_log_records', 10)))}
  ) > 0
)`,
        'trouble',
        'stuck',
      ),
      'or',
      labelled(
        `sum by (exporter) (\n${indented(
          `${rounded('job, instance, exporter', collectorGrown('otelcol_exporter_send_failed_log_records', 60))} > 0
unless on (job, instance) ${rounded('job, instance', collectorGrown('otelcol_loki_delivery_dead_letter_records', 60))} > 0`,
        )}\n)`,
        'trouble',
        'dropped',
      ),
    ].join('\n'),
  }),
};

const deadLetters: Alert = {
  name: 'IntegrationLogDeadLetters',
  severity: 'warning',
  for: '0s',
  summary: 'Records did not get into the log ({{ $labels.kind }})',
  description:
    '{{ if eq $labels.kind "refused" }}Loki refused {{ $value }} records for good in the last hour; they lie in the dead-letter file.{{ else if eq $labels.kind "not_written" }}The dead-letter file could not be written {{ $value }} times in the last hour; the records wait in the queue.{{ else if eq $labels.kind "damaged_file" }}{{ $value }} files of the queue or of receivers were damaged and lie beside those in use.{{ else if eq $labels.kind "damaged_value" }}{{ $value }} values that receivers had stored were damaged and were set aside.{{ else }}{{ $value }} items of the queue could not be read in the last hour and were set aside.{{ end }}',
  promql: () => ({
    value: [
      ...[
        ['otelcol_loki_delivery_dead_letter_records', 'refused'],
        ['otelcol_loki_delivery_dead_letter_errors', 'not_written'],
        ['otelcol_queue_storage_quarantined_items', 'quarantined'],
      ].map(([counter, kind]) => labelled(`${deadLettersOf(counter!)} > 0`, 'kind', kind!)),
      // It lasts until somebody has moved them away.
      labelled('sum by (job) (otelcol_file_check_set_aside_files) > 0', 'kind', 'damaged_file'),
      // It lasts until the collector is started anew: it sees them once.
      labelled('sum by (job) (otelcol_storage_client_set_aside_values) > 0', 'kind', 'damaged_value'),
    ].join('\nor\n'),
  }),
};

export const delivery: Group = { name: 'integration-log-delivery', interval: '1m', alerts: [queueNearlyFull, exportFailing, deadLetters] };
