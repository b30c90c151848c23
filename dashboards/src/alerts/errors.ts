// An integration that fails: in proportion to what it does, and many times for one reason.
import { seenInFull } from '../dashboards/names.js';
import type { Alert, Group, Recording } from './alert.js';
import { delayedShare, grown, rounded } from './promql.js';

/** What a window of the error ratio is, and when it is too high. */
interface Window {
  range: string;
  /** The share of activities that may fail. */
  above: number;
  /** With fewer activities one failure is a large share of nothing. */
  atLeast: number;
}

const fast: Window = { range: '10m', above: 0.05, atLeast: 20 };
const slow: Window = { range: '6h', above: 0.01, atLeast: 100 };

const increase = (range: string, ...matchers: string[]): string =>
  `sum by (product) (increase(integration_activities_total{${[...matchers, seenInFull].join(',')}}[${range}]))`;

const activitiesIn = ({ range }: Window): Recording => ({ record: `product:integration_activities:increase${range}`, expr: () => increase(range) });

const ratioIn = (window: Window): Recording => ({
  record: `product:integration_errors_per_activities:ratio_increase${window.range}`,
  expr: () => `${increase(window.range, 'status="error"')}\n/\n(${increase(window.range)} > 0)`,
});

/**
 * Leaves out a product of which much in the window is older than the window: what a first poll, or one after a stop,
 * brings at once. If that lasts IntegrationDelay tells of it.
 */
const unlessDelayed = (...share: Parameters<typeof delayedShare>): string => `unless on (product) ${delayedShare(...share)} > 0.2`;

const count = (range: string, ...matchers: string[]): string =>
  `sum by (product) (count_over_time({${['service_namespace="integrations"', ...matchers].join(',')}}[${range}]))`;

const ratioOfRecords = ({ range, above, atLeast }: Window) => ({
  value: `${count(range, 'status="error"', seenInFull)}\n/\n${count(range, seenInFull)}`,
  above,
  when: `and ${count(range, seenInFull)} >= ${atLeast}`,
});

const ratioFast: Alert = {
  name: 'IntegrationErrorRatioFast',
  severity: 'critical',
  for: '2m',
  keepFiringFor: '5m',
  summary: '{{ $labels.product }}: many activities fail',
  description: `{{ $value | humanizePercentage }} of the activities of {{ $labels.product }} in the last ten minutes failed. More than ${100 * fast.above} % is too much.`,
  promql: (metrics) => ({
    value: metrics.now(ratioIn(fast)),
    above: fast.above,
    when: `and on (product) ${metrics.now(activitiesIn(fast))} >= ${fast.atLeast}\n${unlessDelayed(600, fast.range)}`,
  }),
  logql: ratioOfRecords(fast),
};

const ratioSlow: Alert = {
  name: 'IntegrationErrorRatioSlow',
  severity: 'warning',
  for: '15m',
  keepFiringFor: '30m',
  summary: '{{ $labels.product }}: some activities fail, and it goes on',
  description: `{{ $value | humanizePercentage }} of the activities of {{ $labels.product }} in the last six hours failed. More than ${100 * slow.above} % is too much.`,
  // Six hours remember long: what has not failed for an hour is over. By then a first start's last hour is too.
  promql: (metrics) => ({
    value: metrics.now(ratioIn(slow)),
    above: slow.above,
    when: `and on (product) ${metrics.now(activitiesIn(slow))} >= ${slow.atLeast}
and on (product) ${increase('1h', 'status="error"')} > 0
and on (product) present_over_time(integration_activities_total[1h] offset 5h)`,
  }),
  logql: { ...ratioOfRecords(slow), when: `${ratioOfRecords(slow).when}\nand ${count('1h', 'status="error"', seenInFull)} > 0` },
};

const burst: Alert = {
  name: 'IntegrationErrorBurst',
  severity: 'warning',
  for: '0s',
  keepFiringFor: '10m',
  summary: '{{ $labels.product }}: many errors of the type {{ $labels.error_type }}',
  description: '{{ $labels.product }} had {{ $value | humanize }} errors of the type {{ $labels.error_type }} in five minutes.',
  promql: () => ({
    value: rounded('product, error_type', grown('integration_errors_total', '5m')),
    above: 20,
    // A product of one's own has no histogram before its first activity either.
    when: unlessDelayed(300, '5m', grown),
  }),
  logql: {
    value: 'sum by (product, error_type) (count_over_time({service_namespace="integrations",status="error"}[5m]))',
    above: 20,
  },
};

export const errors: Group = {
  name: 'integration-errors',
  interval: '1m',
  recordings: [activitiesIn(fast), ratioIn(fast), activitiesIn(slow), ratioIn(slow)],
  alerts: [ratioFast, ratioSlow, burst],
};
