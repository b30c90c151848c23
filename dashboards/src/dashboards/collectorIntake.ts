// What comes in: what the receivers take, refuse and fetch.
import { chart, half } from './collectorCharts.js';
import { aMinute, aSecond } from './collectorCounters.js';

export const accepted = () =>
  chart(
    {
      ...half,
      title: 'Taken in',
      description: 'Records that each receiver passed on, in a second. What fetches shows a step for each poll.',
    },
    'cps',
    [aSecond('receiver', 'otelcol_receiver_accepted_log_records'), '{{receiver}}'],
  );

export const refused = () =>
  chart(
    {
      ...half,
      title: 'Refused',
      description:
        'Webhook requests that were not accepted, in a minute, by receiver and reason. unauthorized: a wrong secret, or a stranger. overload, unavailable and disk: the log could not take it, and the vendor tries again. refused: the pipeline will never take it; it is lost. pipeline: records that the pipeline did not take from a receiver; it offers them again. lost: what a receiver fetched and the pipeline refused for good. Empty when nothing was taken or refused yet.',
    },
    'cpm',
    [aMinute('receiver, reason', 'otelcol_webhook_rejected_requests'), '{{receiver}}: {{reason}}'],
    [aMinute('receiver', 'otelcol_receiver_refused_log_records'), '{{receiver}}: pipeline'],
    [aMinute('receiver', 'otelcol_pull_refused_activities'), '{{receiver}}: lost'],
  );

export const notUnderstood = () =>
  chart(
    {
      ...half,
      title: 'Not understood',
      description:
        'Activities that could not be read, in a minute, by receiver and reason. They are not in the log. Empty when everything was understood.',
    },
    'cpm',
    [aMinute('receiver, reason', 'otelcol_webhook_unreadable_activities'), '{{receiver}}: {{reason}}'],
  );

export const changed = () =>
  chart(
    {
      ...half,
      title: 'Changed or dropped to fit Loki',
      description:
        'Records that were cut, moved or dropped so that Loki takes the rest, in a minute, by reason. too_old are dropped: they lie outside the log. Empty when every record fitted.',
    },
    'cpm',
    [aMinute('reason', 'otelcol_loki_limits_dropped_records', 'otelcol_loki_limits_changed_records'), '{{reason}}'],
  );

export const checkpointAge = () =>
  chart(
    {
      ...half,
      title: 'Checkpoint age',
      description:
        'How far behind each receiver that fetches is. A saw-tooth of the polling interval is normal; what only grows cannot be read, or the pipeline takes nothing. Empty when no such receiver is switched on.',
    },
    's',
    ['max by (receiver) (otelcol_pull_checkpoint_age)', '{{receiver}}'],
  );

export const failedPolls = () =>
  chart(
    {
      ...half,
      title: 'Failed polls',
      description:
        'Polls that failed, in a minute, by receiver and reason; each is tried again. authorization and request need you. Empty when no poll failed.',
    },
    'cpm',
    [aMinute('receiver, reason', 'otelcol_pull_failed_polls'), '{{receiver}}: {{reason}}'],
  );
