// An integration that does nothing, although it should. That is not what a night, a weekend, a first start or a
// restart looks like, and a collector that is down has an alert of its own.
import { seenInFull } from '../dashboards/names.js';
import type { Alert, Group, Recording } from './alert.js';
import { indented, parenthesised } from './alert.js';
import { unusuallyLate } from './promql.js';

const hour = 3600;
const day = 24 * hour;

/** With fewer activities in half of that time last week, none may be chance. */
const usual = 3;

const lastActivity: Recording = {
  record: 'product:integration_last_activity_timestamp_seconds:max',
  expr: () => `max by (product) (integration_last_activity_timestamp_seconds{${seenInFull}})`,
};

/** A collector that starts anew has no time of a last activity until the next one: what it was before is remembered. */
const lastKnown: Recording = {
  record: 'product:integration_last_activity_timestamp_seconds:max14d',
  expr: (metrics) => `max_over_time(${metrics.over(lastActivity, '14d')})`,
};

/**
 * So many in three hours that no half hour is without one by chance, which is what IntegrationDelay waits for. It tells
 * of them from ten on: of those between, both may tell.
 */
const toldByDelay = 30;

/**
 * Whether a product was busy at this time last week, in both halves: who worked late on that evening did not work
 * all night. The last hour does not count: who begins an hour later than last week is not silent.
 */
const busyLastWeek = (hours: number): string => {
  const half = hours / 2;
  const atLeast = (range: number, offset: number) => `sum by (product) (increase(integration_activities_total[${range}h] offset 1w${offset}h)) >= ${usual}`;
  return `${atLeast(half, half)}\nand on (product) ${atLeast(half - 1, 1)}`;
};

/**
 * Whether a collector was there to see the product, nine tenths of the time: what happened while it was down comes
 * late, and breaks no silence. It is looked at 36 times.
 */
const watched = (hours: number): string =>
  `and on (product) count_over_time((max by (product) (integration_activities_total))[${hours}h:${(hours * 60) / 36}m]) >= 33`;

const name = 'IntegrationSilent';

const silent: Alert = {
  name,
  severity: 'critical',
  for: '15m',
  summary: '{{ $labels.product }} has fallen silent',
  description: 'The last activity of {{ $labels.product }} that came within an hour happened {{ $value | humanizeDuration }} ago, longer than is usual at this time of the week.',
  promql: (metrics) => {
    const silence = `time() - ${metrics.now(lastKnown)}`;
    const longer = (seconds: number): string => `${parenthesised(silence)} > ${seconds}`;
    const cases = [
      `# last week it was busy in these six hours\n${busyLastWeek(6)}\n${watched(6)}`,
      `# what does little was busy in these 24 hours\n${longer(day)}\nand on (product) ${busyLastWeek(24)}\n${watched(24)}`,
      `# nothing is known yet of last week: no weekend is so long\n${longer(3 * day)}\nunless on (product) present_over_time(integration_activities_total[1h] offset 8d)\n${watched(24)}`,
      `# not even once in a week\n${longer(7 * day)}\n${watched(24)}`,
    ];
    const begins = `(\n${cases.map(indented).join('\nor\n')}\n)\nunless on (product) ${unusuallyLate('3h')} >= ${toldByDelay}`;
    const goesOn = metrics.firing ? [`# once told of, until the next that comes within an hour\n${metrics.firing(name)}`] : [];
    return {
      value: silence,
      above: 6 * hour,
      // A product that was switched off has no counters. When all comes late IntegrationDelay tells of it.
      when: `and on (product) integration_activities_total
and on (product) (
${[begins, ...goesOn].map(indented).join('\nor\n')}
)`,
    };
  },
  logql: {
    // A product that was switched off looks the same.
    severity: 'warning',
    value: `sum by (product) (count_over_time({service_namespace="integrations",${seenInFull}}[2d] offset 3d))`,
    above: 20,
    when: 'unless sum by (product) (count_over_time({service_namespace="integrations"}[3d]))',
    description:
      '{{ $labels.product }} has done nothing for three days, and did {{ $value | humanize }} things in the two days before. Or nothing has reached the log since.',
  },
};

export const silence: Group = {
  name: 'integration-silence',
  // Short enough for an alert to see that it fires already.
  interval: '2m',
  // A look over five days of records, or 14 days of values, is dear.
  computedInterval: '15m',
  recordings: [lastActivity, lastKnown],
  alerts: [silent],
};
