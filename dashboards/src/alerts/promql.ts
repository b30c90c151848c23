// Parts of PromQL that several alerts are made of.
import { indented, parenthesised } from './alert.js';

/** The jobs by which Prometheus scrapes; config/prometheus/prometheus.yaml has the same. */
export const jobs = { activities: 'integration-log', collector: 'integration-log-collector', loki: 'loki' };

/**
 * Products some of whose activities come hours late by nature. Salesforce writes its event log files once an hour or
 * once a day, some hours after what stands in them; its change events come at once.
 */
const productsLateByNature = ['salesforce'];

/** How many activities came late that should not have. */
export const unusuallyLate = (range: string): string =>
  `sum by (product) (increase(integration_late_activities_total{product!~"${productsLateByNature.join('|')}"}[${range}]))`;

/**
 * How many activities were seen at most so many seconds after they happened. Depending on its version Prometheus
 * writes the bound of a bucket as 600 or as 600.0.
 */
export const seenWithin = (seconds: number, range: string, growth = increase): string =>
  `sum by (product) ${parenthesised(growth(`integration_activity_delay_seconds_bucket{le=~"${seconds}|${seconds}.0"}`, range))}`;

const increase = (counter: string, range: string): string => `increase(${counter}[${range}])`;

/**
 * Which part of what was seen within an hour took more than so many seconds. A poll that makes up for a stop brings up
 * to an hour at once, and all of that counts as having been seen soon.
 */
export const delayedShare = (seconds: number, range: string, growth = increase): string =>
  `1 - ${seenWithin(seconds, range, growth)} / ${parenthesised(`${seenWithin(3600, range, growth)} > 0`)}`;

/**
 * By how much counters grew in a window, those included that were not there before.
 *
 * Many a counter appears with its first increment, which increase() does not see: the first value that
 * Prometheus knows is 1 already. Such a value counts as a whole, but only where it is sure that nothing was
 * counted before: there was a scrape in the window without the counter, or its process is younger than the
 * window. A Prometheus that is new, or scrapes that failed, do not make old numbers new ones.
 */
export function grown(counter: string, window: string, youngProcess?: string): string {
  const appeared = `count_over_time(${counter}[${window}]) < on (job, instance) group_left max by (job, instance) (sum_over_time(up[${window}]))`;
  const fromZero = youngProcess ? `(\n    ${appeared}\n    or ${counter} and on (job, instance) (${youngProcess})\n  )` : `(${appeared})`;
  return `(
  (${counter} unless ${counter} offset ${window})
  and ${fromZero}
)
or increase(${counter}[${window}])`;
}

/** The same for counters of the collector. */
export const collectorGrown = (counter: string, minutes: number): string =>
  grown(counter, `${minutes}m`, `otelcol_process_uptime < ${60 * minutes}`);

/** The same for counters of Loki. */
export const lokiGrown = (counter: string, minutes: number): string =>
  grown(counter, `${minutes}m`, `time() - process_start_time_seconds{job="${jobs.loki}"} < ${60 * minutes}`);

/** A sum by labels, in whole numbers: increase() extrapolates. */
export const rounded = (by: string, vector: string): string => `round(sum by (${by}) (\n${indented(vector)}\n))`;

/** Gives all series of a vector a label, which tells apart what one alert is made of. */
export const labelled = (vector: string, name: string, value: string): string =>
  `label_replace(\n${indented(vector)},\n  "${name}", "${value}", "", ""\n)`;
