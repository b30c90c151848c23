// Activities that come long after they happened.
import type { Alert, Group } from './alert.js';
import { delayedShare, labelled, seenWithin, unusuallyLate } from './promql.js';

/** How many activities were seen within an hour of happening. */
const soon = (range: string): string => `sum by (product) (increase(integration_activities_total[${range}]))`;

const minutes = `${delayedShare(600, '15m')} > 0.2
and on (product) ${seenWithin(3600, '15m')} >= 10`;

// In each of six half hours more came late than not: what a stop has left is fetched sooner. A first start's backfill
// may go on for as long, so that nothing is told of a product that was not there the day before.
const hours = `${unusuallyLate('3h')} / (${unusuallyLate('3h')} + ${soon('3h')})
and on (product) ${unusuallyLate('3h')} >= 10
and on (product) count_over_time((${unusuallyLate('30m')} > ${soon('30m')})[3h:30m]) >= 6
and on (product) present_over_time(integration_activities_total[3h] offset 1d)`;

// What waited while the collector was down is in the window for a quarter of an hour, and is not yet a delay.
const delayed: Alert = {
  name: 'IntegrationDelay',
  severity: 'warning',
  for: '20m',
  keepFiringFor: '10m',
  summary: '{{ $labels.product }}: activities are seen late',
  description:
    '{{ $value | humanizePercentage }} of the activities of {{ $labels.product }} in the last {{ if eq $labels.later_than "10m" }}15 minutes{{ else }}three hours{{ end }} were seen more than {{ $labels.later_than }} after they happened.',
  promql: () => ({
    value: [
      '# of what came within an hour',
      labelled(minutes, 'later_than', '10m'),
      'or',
      '# most come later than that, which nothing else counts',
      labelled(hours, 'later_than', '1h'),
    ].join('\n'),
  }),
};

export const delay: Group = { name: 'integration-delay', interval: '1m', alerts: [delayed] };
