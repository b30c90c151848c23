// What does not come in: the collector is down, refuses, or cannot read.
import type { Alert, Group } from './alert.js';
import { collectorGrown, jobs, labelled, rounded } from './promql.js';

const own = [jobs.activities, jobs.collector];

const down: Alert = {
  name: 'IntegrationLogDown',
  severity: 'critical',
  for: '5m',
  summary: 'The integration log is down: {{ $labels.job }} {{ $labels.instance }}',
  description:
    '{{ if $labels.instance }}The target {{ $labels.instance }} of the job {{ $labels.job }} does not answer.{{ else }}Prometheus has no target of the job {{ $labels.job }}.{{ end }} Nothing is known of any integration meanwhile.',
  promql: () => ({
    value: [`up{job=~"${own.join('|')}"} == 0`, ...own.map((job) => `absent(up{job="${job}"})`)].join('\nor\n'),
  }),
};

const refusing: Alert = {
  name: 'IntegrationLogIntakeRefusing',
  severity: 'critical',
  for: '5m',
  keepFiringFor: '5m',
  summary: '{{ $labels.receiver }} refuses what it is sent ({{ $labels.reason }})',
  description:
    '{{ $labels.receiver }} refused {{ $value }} {{ if eq $labels.reason "pipeline" }}records{{ else }}requests{{ end }} in the last {{ if eq $labels.reason "refused" }}hour{{ else }}five minutes{{ end }}; the reason is {{ $labels.reason }}.',
  promql: () => ({
    value: [
      '# The log cannot take any: the vendor tries again, but not for ever.',
      `${rounded('receiver, reason', collectorGrown('otelcol_webhook_rejected_requests{reason=~"disk|overload|unavailable"}', 5))} > 0`,
      'or',
      '# The pipeline will never take it: it is lost, and once is enough.',
      `${rounded('receiver, reason', collectorGrown('otelcol_webhook_rejected_requests{reason="refused"}', 60))} > 0`,
      'or',
      '# Records of those that send OTLP.',
      labelled(`${rounded('receiver', collectorGrown('otelcol_receiver_refused_log_records{receiver=~"otlp.*"}', 5))} > 0`, 'reason', 'pipeline'),
    ].join('\n'),
  }),
};

// A wrong secret, or a stranger who knocks: nobody has to get up for the second, and they cannot be told apart.
const unauthorized: Alert = {
  name: 'IntegrationLogIntakeUnauthorized',
  severity: 'warning',
  for: '5m',
  keepFiringFor: '5m',
  summary: '{{ $labels.receiver }} is sent requests with a wrong secret',
  description: '{{ $labels.receiver }} answered {{ $value }} requests with 401 in the last hour. Some vendors do not send again what was answered so.',
  promql: () => ({ value: `${rounded('receiver', collectorGrown('otelcol_webhook_rejected_requests{reason="unauthorized"}', 60))} >= 10` }),
};

const polls = (metric: string): string => `sum by (receiver) (increase(${metric}[30m]))`;
// What is refused is told of apart.
const failedPolls = polls('otelcol_pull_failed_polls{reason!~"pipeline|authorization|request"}');
// A poll that waits for the pipeline has read its source.
const unreadPolls = polls('otelcol_pull_failed_polls{reason!="pipeline"}');

const behind: Alert = {
  name: 'IntegrationLogPollingBehind',
  severity: 'warning',
  for: '15m',
  keepFiringFor: '5m',
  summary: '{{ $labels.receiver }} cannot read its source ({{ $labels.trouble }})',
  description:
    '{{ if eq $labels.trouble "checkpoint" }}{{ $labels.receiver }} has not read everything for {{ $value | humanizeDuration }}.{{ else if eq $labels.trouble "polls" }}Each of the last {{ $value }} polls of {{ $labels.receiver }} failed.{{ else if eq $labels.trouble "refused" }}{{ $value }} polls of {{ $labels.receiver }} in the last hour were refused because of its credentials or settings.{{ else }}{{ $labels.receiver }} cannot read {{ $value }} of its topics.{{ end }} What happens there is missing in the log until then.',
  promql: () => ({
    value: [
      '# While a webhook is set aside (a 403 for it alone) the checkpoint stands still, although all others are read.',
      labelled('max by (receiver) (otelcol_pull_checkpoint_age) > 3600\nunless on (receiver) otelcol_webhooks_set_aside > 0', 'trouble', 'checkpoint'),
      'or',
      '# A collector whose polls failed from the start has no checkpoint to be old.',
      labelled(
        `round(${failedPolls}) >= 3\nunless on (receiver) ${polls('otelcol_pull_polls')} - ${unreadPolls} > 0.5`,
        'trouble',
        'polls',
      ),
      'or',
      '# It does not end by itself. The polls of the other sources of a receiver may succeed.',
      labelled(
        `${rounded('receiver', collectorGrown('otelcol_pull_failed_polls{reason=~"authorization|request"}', 60))} >= 2`,
        'trouble',
        'refused',
      ),
      'or',
      labelled('sum by (receiver) (otelcol_salesforce_failing_topics) > 0', 'trouble', 'topics'),
    ].join('\n'),
  }),
};

export const intake: Group = { name: 'integration-log-intake', interval: '1m', alerts: [down, refusing, unauthorized, behind] };
