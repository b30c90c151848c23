// PromQL of the activity metrics.
import { seenInFull } from './names.js';

const product = 'product=~"$product"';

const rateWindow = '[$__rate_interval]';
const wholeRange = '[$__range]';

/** How much or how fast a counter rose, summed by labels. The window may be followed by an offset. */
function sum(fn: 'rate' | 'increase', by: string, window: string, metric: string, ...matchers: string[]): string {
  return `sum by (${by}) (${fn}(${metric}{${[product, ...matchers].join(',')}}${window}))`;
}

export const activitiesPerMinute = `60 * ${sum('rate', 'product', rateWindow, 'integration_activities_total')}`;

export const errorsPerMinute = `60 * ${sum('rate', 'product', rateWindow, 'integration_activities_total', 'status="error"')}`;

export const errorTypesPerMinute = `60 * ${sum('rate', 'error_type', rateWindow, 'integration_errors_total')}`;

/** The share of activities that failed, in each product that had any. */
export const errorRatio = `${sum('rate', 'product', rateWindow, 'integration_activities_total', 'status="error"', seenInFull)}
  / (${sum('rate', 'product', rateWindow, 'integration_activities_total', seenInFull)} > 0)`;

/**
 * What a product did in each step: 0 nothing, 1 only what went well, 2 and 3 a warning at the worst, 4 and
 * more an error.
 */
export const productState = [
  `4 * (${sum('increase', 'product', rateWindow, 'integration_activities_total', 'status="error"')} > bool 0)`,
  `2 * (${sum('increase', 'product', rateWindow, 'integration_activities_total', 'status="warning"')} > bool 0)`,
  `(${sum('increase', 'product', rateWindow, 'integration_activities_total')} > bool 0)`,
].join(' + ');

/** The delay that a share of the activities stayed below, in seconds. Without activities there is none, instead of NaN. */
export function delay(quantile: number): string {
  return `histogram_quantile(${quantile}, ${sum('rate', 'product, le', rateWindow, 'integration_activity_delay_seconds_bucket')}) >= 0`;
}

// Of the whole time range, for tables.

export const activitiesInRange = `round(${sum('increase', 'product', wholeRange, 'integration_activities_total')})`;

export const lateInRange = `round(${sum('increase', 'product', wholeRange, 'integration_late_activities_total')})`;

const errors = sum('increase', 'product', wholeRange, 'integration_activities_total', 'status="error"');

export const errorsInRange = `round(${errors})`;

export const errorRatioInRange = `${sum('increase', 'product', wholeRange, 'integration_activities_total', 'status="error"', seenInFull)}
  / (${sum('increase', 'product', wholeRange, 'integration_activities_total', seenInFull)} > 0)`;

/** How many more errors than in the period of the same length before; where nothing was counted then, as if there had been none. */
export const errorChange = `round(${errors}
  - (${sum('increase', 'product', '[$__range] offset $__range', 'integration_activities_total', 'status="error"')} or 0 * ${errors}))`;

export function delayInRange(quantile: number): string {
  return `histogram_quantile(${quantile}, ${sum('increase', 'product, le', wholeRange, 'integration_activity_delay_seconds_bucket')}) >= 0`;
}

/** When the newest activity of each product happened, in seconds. A collector that starts anew has forgotten it; Prometheus has not. */
const newest = (...matchers: string[]): string =>
  `max by (product) (max_over_time(integration_last_activity_timestamp_seconds{${[product, ...matchers].join(',')}}${wholeRange}))`;

/** When the newest activity that went well happened, in milliseconds, as Grafana wants dates. */
export const lastSuccess = `1000 * ${newest('status="info"')}`;

/** How long ago the newest activity happened, in seconds. */
export const sinceLastActivity = `time() - ${newest()}`;

/** Since when each alert fires, in milliseconds. Those of the collector have no product and belong to every choice. */
export const firingAlerts = `1000 * max by (alertname, severity, product) (ALERTS_FOR_STATE{product=~"$product|"})
  and on (alertname, severity, product) ALERTS{alertstate="firing",product=~"$product|"}`;
